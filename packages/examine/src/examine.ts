import type { Digest } from '@avow/bytes';
import type { Parts } from '@avow/declare';
import type { Member, UnreadMember } from '@avow/formats';
import type { CapaFindings, GivenCapa } from './capa/product.ts';
import type { CapaMatch } from './capa/reading.ts';
import { type DeclarationText, DeclarationWatch } from './declared.ts';
import type { FlowResult } from './flow/follow.ts';
import type { FlowJob } from './flow/job.ts';
import { type NativeProductModule, nativeFeatures, nearOf } from './native/product.ts';
import type { ModuleReading, ReadingTask } from './observe/reading.ts';
import { addonReach } from './product/addons.ts';
import { coverageOf, examinedModules } from './product/coverage.ts';
import { featuresOf } from './product/features.ts';
import { flowsOf, type ProductFlows } from './product/flows.ts';
import { type NamedFeature, named } from './product/identity.ts';
import { Linker } from './product/link.ts';
import { Locators, linePlace } from './product/locators.ts';
import type { PlacedFeature, ProductModule } from './product/module.ts';
import { noFlowsOf } from './product/no-flows.ts';
import { withLinks, withReadings } from './product/read.ts';
import { Resolver } from './product/resolve.ts';
import { type Survey, Surveyor } from './product/survey.ts';
import { unknownsOf } from './product/unknowns.ts';
import type { DatabaseExamination } from './record/examine.ts';
import type {
  Answer,
  Examination,
  ExaminedDeclaration,
  Feature,
  Finding,
  Unknown,
} from './result.ts';
import type { Rules } from './rules/compile.ts';
import { isWhole } from './whole.ts';

export interface ExaminationOptions {
  readonly product: {
    readonly target: string;
    readonly digest: Digest;
    readonly size: number;
    members(): AsyncIterable<Member | UnreadMember>;
  };
  readonly engine: { readonly version: string; readonly digest: Digest };
  readonly rules: Rules;
  /**
   * The readings of modules, in the order of the tasks: by workers, from a
   * cache, or right here. Tasks come while the product is unpacked, as fast as
   * they are taken.
   */
  readModules(tasks: AsyncIterable<ReadingTask>): Promise<readonly ModuleReading[]>;
  /** Follows data between modules in a process that may die; here when not given. */
  readonly followData?: ((job: FlowJob) => Promise<FlowResult>) | 'left-out';
  /** The databases among members, by `@avow/examine/record`, which is loaded when there may be some. */
  readDatabases?(
    members: readonly Member[],
    about: { readonly target: string; readonly code: readonly Feature[] },
  ): Promise<DatabaseExamination>;
  /** Rules of someone else, which `readModules` tried on native modules. */
  readonly capa?: GivenCapa;
  /** What the maker says, given beside the product; else the product's own declaration or manifest. */
  readonly declaration?: DeclarationText;
}

/**
 * Examines a product: surveys its members, reads its scripts, links them, and
 * holds what was found against the declaration. The same bytes, engine and
 * rules give the same value.
 */
export async function examineProduct(options: ExaminationOptions): Promise<Examination> {
  const { product, engine, rules } = options;
  const watch = new DeclarationWatch();
  const found = new Surveyor(options.followData !== 'left-out');
  const readings = await options.readModules(found.tasksOf(watch.watch(product.members())));
  const read = withReadings(found, readings);
  const linker = linkerOf(found, read.scripts, rules);
  const {
    scripts: modules,
    natives,
    inline,
  } = await withLinks(read, found, linker, options.readModules, () => product.members());
  const locators = new Locators(product.target);
  const reach = addonReach(found, modules, natives);
  const capa = options.capa && (await capaFindings(options.capa, natives, locators));
  const placed = named([
    ...featuresOf(found, modules, inline, rules, linker),
    ...natives.flatMap((module) => nativeFeatures(module, reach)),
    ...(capa?.features() ?? []),
  ]);
  const features = placed.map((feature) => locators.feature(feature));
  const followed = await productFlows(found, modules, placed, locators, options.followData);
  const about = { target: product.target, code: features };
  const records = await options.readDatabases?.(found.candidates, about);
  const examined = examinedModules(found, modules, natives);
  const isEmpty = examined.length === 0 && (records?.databases.length ?? 0) === 0;
  const unknowns = [
    ...(isEmpty ? [nothingRead(locators)] : []),
    ...(options.followData === 'left-out' ? [flowsLeftOut(locators)] : []),
    ...unknownsOf(found, modules, natives, inline, followed.unfinished, locators),
    ...(capa?.unknowns() ?? []),
    ...(records?.unknowns ?? []),
  ];
  const parts = {
    modules: examined,
    features,
    flows: followed.flows,
    unknowns,
    ...(records === undefined ? {} : { records: records.records }),
  };
  const { findings, declaration } = await judged(
    parts,
    options.declaration ?? watch.found(),
    product.target,
  );
  const all = [...features, ...(records?.features ?? [])];
  const coverage = coverageOf(found, parts.modules, records);
  const isAllRead = isWhole({ coverage, modules: parts.modules, unknowns });
  const isRead = isAllRead;
  const near = natives.flatMap((module) => nearOf(module, (path, at) => locators.print(path, at)));
  return {
    schema: 'avow.examination/1',
    engine: { version: engine.version, digest: engine.digest },
    rules: { update: rules.update, digest: rules.digest },
    product: { target: product.target, digest: product.digest, size: product.size },
    modules: parts.modules,
    databases: records?.databases ?? [],
    features: all,
    flows: [...followed.flows, ...(records?.flows ?? [])],
    ...(options.followData === 'left-out'
      ? {}
      : // In machine code no data is followed, so where there is some, no path is not known.
        { noFlows: noFlowsOf(features, followed.flows, isRead && natives.length === 0) }),
    ...(near.length === 0 ? {} : { near }),
    ...(capa === undefined ? {} : { outside: capa.told(matchIds(placed)) }),
    unknowns,
    declaration,
    findings,
    coverage,
    answer: answerOf(findings, declaration, all, isRead),
  };
}

function linkerOf(found: Survey, scripts: readonly ProductModule[], rules: Rules): Linker {
  const manifests = new Map(found.manifests.map(({ path, json }) => [path, json]));
  const modules = new Map(scripts.map((module) => [module.path, module]));
  return new Linker(modules, new Resolver(found.paths, manifests), rules);
}

/** What rules of someone else found; the code for it is loaded where there are some. */
async function capaFindings(
  given: GivenCapa,
  natives: readonly NativeProductModule[],
  locators: Locators,
): Promise<CapaFindings> {
  const { CapaFindings } = await import('./capa/product.ts');
  return new CapaFindings(given, natives, (path, place) => locators.print(path, place));
}

/** Ids of features that stand for matches of others' rules. */
function matchIds(features: readonly NamedFeature[]): ReadonlyMap<CapaMatch, string> {
  const ids = new Map<CapaMatch, string>();
  for (const { match, id } of features) if (match !== undefined) ids.set(match, id);
  return ids;
}

/** A product in which nothing was recognised was not found clean: it was not read. */
function nothingRead(locators: Locators): Unknown {
  const message = 'holds no script, machine code, manifest or database that is recognised';
  return {
    feature: 'opaque.unanalysed',
    locator: locators.print('', { kind: 'all' }),
    why: { code: 'product.nothing-read', message },
  };
}

/** Without a declaration nothing is called undeclared, and its readers are not loaded. */
async function judged(
  parts: Parts,
  text: DeclarationText | undefined,
  target: string,
): Promise<{
  readonly findings: readonly Finding[];
  readonly declaration: ExaminedDeclaration;
}> {
  if (text === undefined) return { findings: [], declaration: { state: 'none' } };
  const { holdDeclaration, judge } = await import('./held.ts');
  return judge(parts, holdDeclaration(text, target));
}

function productFlows(
  found: Survey,
  modules: readonly ProductModule[],
  features: readonly PlacedFeature[],
  locators: Locators,
  follow: ExaminationOptions['followData'],
): Promise<ProductFlows> {
  if (follow === 'left-out') return Promise.resolve({ flows: [], unfinished: [] });
  const manifests = new Map(found.manifests.map(({ path, json }) => [path, json]));
  return flowsOf({
    modules,
    tasks: found.kept,
    features,
    resolver: new Resolver(found.paths, manifests),
    follow,
    print: (path, place) => locators.print(path, linePlace(place)),
  });
}

/** Said of the whole product: without it, no flow would look like there is none. */
function flowsLeftOut(locators: Locators): Unknown {
  return {
    feature: 'opaque.unanalysed',
    locator: locators.print('', { kind: 'all' }),
    why: { code: 'flow.left-out', message: 'data was not followed, as asked: flows are not known' },
  };
}

function answerOf(
  findings: readonly Finding[],
  declaration: ExaminedDeclaration,
  features: readonly Feature[],
  isAll: boolean,
): Answer {
  if (findings.length > 0) return 'undeclared';
  if (!isAll || declaration.state === 'refused') return 'incomplete';
  if (features.length === 0) return 'none-found';
  // A manifest that cannot speak of a feature has not declared it.
  const isSpokenOf = declaration.states?.every(({ state }) => state !== 'outside') ?? false;
  return isSpokenOf ? 'declared' : 'no-declaration';
}
