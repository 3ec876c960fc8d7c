import { pathOf, printPath } from '@avow/locator';
import type { ExaminedModule, Feature, Flow } from '../result.ts';

/** A module that stands under another path; its bytes are others too where it was built anew. */
export interface MovedModule {
  readonly from: string;
  readonly to: string;
  readonly isChanged?: true;
}

/** Shares of features that two modules of machine code have to have in common to be one. */
const ALIKE = 0.5;

/** With fewer features than this two modules are alike by chance, unless they lie in one folder and have the same. */
const MIN_FEATURES = 3;

/** Modules of one release that are compared with those of the other; a product has fewer. */
const MAX_COMPARED = 200;

const NATIVE: ReadonlySet<string> = new Set(['elf', 'pe', 'macho', 'wasm']);

/**
 * Of modules that are gone and modules that have come, those that are the same:
 * by their bytes; and machine code that was renamed and built anew, by what it
 * does, the most alike first. Scripts that were rewritten are not guessed at.
 */
export function movedModules(
  gone: readonly ExaminedModule[],
  come: readonly ExaminedModule[],
  before: readonly Feature[],
  after: readonly Feature[],
): MovedModule[] {
  const left = [...gone];
  const moved: MovedModule[] = [];
  const unpaired = come.filter(({ path, digest }) => {
    const at = left.findIndex((module) => module.digest === digest);
    if (at >= 0) moved.push({ from: left.splice(at, 1)[0]!.path, to: path });
    return at < 0;
  });
  return [...moved, ...rebuilt(left, unpaired, before, after)];
}

function rebuilt(
  gone: readonly ExaminedModule[],
  come: readonly ExaminedModule[],
  before: readonly Feature[],
  after: readonly Feature[],
): MovedModule[] {
  const olds = gone.filter(({ kind }) => NATIVE.has(kind)).slice(0, MAX_COMPARED);
  const news = come.filter(({ kind }) => NATIVE.has(kind)).slice(0, MAX_COMPARED);
  if (olds.length === 0 || news.length === 0) return [];
  const was = deedsByModule(before, olds);
  const is = deedsByModule(after, news);
  const pairs = olds.flatMap((old) =>
    news
      .filter(({ kind }) => kind === old.kind)
      .map(({ path }) => ({
        from: old.path,
        to: path,
        alike: alikeness(was.get(old.path)!, is.get(path)!, isSameFolder(old.path, path)),
        shared: sharedParts(old.path, path),
      })),
  );
  const found: MovedModule[] = [];
  const taken = new Set<string>();
  // Builds for several platforms do the same: of those the one in the same folder.
  pairs.sort((a, b) => b.alike - a.alike || b.shared - a.shared);
  for (const { from, to, alike } of pairs) {
    if (alike < ALIKE || taken.has(`-${from}`) || taken.has(`+${to}`)) continue;
    taken.add(`-${from}`).add(`+${to}`);
    found.push({ from, to, isChanged: true });
  }
  return found.sort((a, b) => (a.to < b.to ? -1 : 1));
}

function deedsByModule(
  features: readonly Feature[],
  modules: readonly ExaminedModule[],
): Map<string, string[]> {
  const found = new Map(modules.map(({ path }) => [written(path), [] as string[]]));
  for (const feature of features) {
    found.get(moduleAt(pathIn(feature.locator), found) ?? '')?.push(deedOf(feature));
  }
  return new Map(modules.map(({ path }) => [path, found.get(written(path))!]));
}

/** What two lists have in common, of what either has. */
function alikeness(a: readonly string[], b: readonly string[], isNear: boolean): number {
  const common = takenFrom(a, b).size;
  const alike = common === 0 ? 0 : common / (a.length + b.length - common);
  const saysMuch = Math.min(a.length, b.length) >= MIN_FEATURES;
  return saysMuch || (isNear && alike === 1) ? alike : 0;
}

function isSameFolder(a: string, b: string): boolean {
  return a.replace(/[^/]*$/, '') === b.replace(/[^/]*$/, '');
}

function sharedParts(a: string, b: string): number {
  const parts = new Set(a.split(/[/.-]/));
  return b.split(/[/.-]/).filter((part) => parts.has(part)).length;
}

/** Features of the new release and of the old that moved with their modules, so that neither is news. */
export function movedFeatures(
  moved: readonly MovedModule[],
  lost: readonly Feature[],
  gained: readonly Feature[],
): ReadonlySet<Feature> {
  const way = (feature: Feature, paths: readonly (string | undefined)[]): string =>
    [...paths, deedOf(feature), feature.when].join('\n');
  return pairs(moved, lost, gained, ({ locator }) => [locator], way);
}

/** Flows of both releases that moved with the modules of their ends. */
export function movedFlows(
  moved: readonly MovedModule[],
  lost: readonly Flow[],
  gained: readonly Flow[],
): ReadonlySet<Flow> {
  const ends = ({ hops }: Flow): string[] => [hops[0]!.locator, hops.at(-1)!.locator];
  const way = (
    { source, destination, recipient }: Flow,
    paths: readonly (string | undefined)[],
  ): string => [...paths, source, destination, recipient ?? ''].join('\n');
  return pairs(moved, lost, gained, ends, way);
}

/** Of both lists those that go the same way once a module of theirs is taken for what it was moved to. */
function pairs<One>(
  moved: readonly MovedModule[],
  lost: readonly One[],
  gained: readonly One[],
  locatorsOf: (one: One) => readonly string[],
  wayOf: (one: One, paths: readonly (string | undefined)[]) => string,
): ReadonlySet<One> {
  if (moved.length === 0) return new Set();
  const to = new Map(moved.map((one) => [written(one.from), written(one.to)]));
  const arrived = new Map([...to.values()].map((path) => [path, path]));
  const touched = (one: One, by: ReadonlyMap<string, string>): boolean =>
    locatorsOf(one).some((locator) => moduleAt(pathIn(locator), by) !== undefined);
  const olds = lost.filter((one) => touched(one, to));
  const news = gained.filter((one) => touched(one, arrived));
  const ways = (list: readonly One[], by: ReadonlyMap<string, string>): string[] =>
    list.map((one) => {
      const paths = locatorsOf(one).map((locator) => movedPath(by, pathIn(locator)));
      return wayOf(one, paths);
    });
  const [waysOld, waysNew] = [ways(olds, to), ways(news, arrived)];
  const same = takenFrom(waysOld, waysNew);
  const back = takenFrom(waysNew, waysOld);
  return new Set([
    ...olds.filter((_, index) => same.has(index)),
    ...news.filter((_, index) => back.has(index)),
  ]);
}

/** What a feature is but for its place: addresses stand in no evidence. */
function deedOf({ feature, recipient, rule, evidence }: Feature): string {
  return [feature, recipient ?? '', rule, evidence].join('\n');
}

/** A path as locators write it. */
function written(path: string): string {
  return printPath(pathOf(path));
}

/** Path of a locator in its product, as it writes it; undefined where the product is the module. */
function pathIn(locator: string): string | undefined {
  return /#(.*?) @/.exec(locator)?.[1];
}

/** The module among `known` that a path is of: itself, or the fat file of a slice. */
function moduleAt(
  path: string | undefined,
  known: ReadonlyMap<string, unknown>,
): string | undefined {
  if (path === undefined || known.has(path)) return path;
  const file = path.replace(/!\/[^/]*$/, '');
  return known.has(file) ? file : undefined;
}

function movedPath(to: ReadonlyMap<string, string>, path: string | undefined): string | undefined {
  const module = moduleAt(path, to);
  return module === undefined ? path : to.get(module)! + path!.slice(module.length);
}

/** Indices of texts that the other list has too, each of those taken once. */
function takenFrom(texts: readonly string[], others: readonly string[]): ReadonlySet<number> {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  const taken = new Set<number>();
  texts.forEach((text, index) => {
    const count = left.get(text) ?? 0;
    if (count === 0) return;
    left.set(text, count - 1);
    taken.add(index);
  });
  return taken;
}
