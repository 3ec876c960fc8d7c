import type { Digest, Why } from '@avow/bytes';
import type { Member, UnreadMember } from '@avow/formats';
import {
  type Place as LocatorPlace,
  parseTarget,
  pathOf,
  printLocator,
  type Target,
} from '@avow/locator';
import { type DeclarationText, DeclarationWatch, holdDeclaration, judge } from './declared.ts';
import type { FlowResult } from './flow/follow.ts';
import type { FlowJob } from './flow/job.ts';
import { extensionFeatures } from './manifest/extension.ts';
import { type NativeProductModule, nativeFeatures, nativeUnknowns } from './native/product.ts';
import type { ModuleReading, Place, ReadingTask } from './observe/reading.ts';
import { loadClosure } from './product/closure.ts';
import { flowsOf, type ProductFlows } from './product/flows.ts';
import { compareTexts, named } from './product/identity.ts';
import { installationOf } from './product/install.ts';
import { Linker } from './product/link.ts';
import type { PlacedFeature, ProductModule } from './product/module.ts';
import { Resolver } from './product/resolve.ts';
import { type Survey, Surveyor } from './product/survey.ts';
import type { DatabaseExamination } from './record/examine.ts';
import type {
  Answer,
  Coverage,
  Examination,
  ExaminedDeclaration,
  ExaminedModule,
  Feature,
  Finding,
  Unknown,
} from './result.ts';
import type { Rules } from './rules/compile.ts';

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
  const withReading = <T extends { readonly task: number }>(module: T) => ({
    ...module,
    reading: readings[module.task]!,
  });
  const modules = found.scripts.map(withReading);
  const natives = found.natives.map(withReading);
  const locators = new Locators(product.target);
  const placed = named([...featuresOf(found, modules, rules), ...natives.flatMap(nativeFeatures)]);
  const features = placed.map((feature) => locators.feature(feature));
  const followed = await productFlows(found, modules, placed, locators, options.followData);
  const about = { target: product.target, code: features };
  const records = await options.readDatabases?.(found.candidates, about);
  const unknowns = [
    ...(options.followData === 'left-out' ? [flowsLeftOut(locators)] : []),
    ...unknownsOf(found, modules, natives, followed.unfinished, locators),
    ...(records?.unknowns ?? []),
  ];
  const parts = {
    modules: examinedModules(found, modules, natives),
    features,
    flows: followed.flows,
    unknowns,
    ...(records === undefined ? {} : { records: records.records }),
  };
  const held = holdDeclaration(options.declaration ?? watch.found(), product.target);
  const { findings, declaration } = judge(parts, held);
  const all = [...features, ...(records?.features ?? [])];
  return {
    schema: 'avow.examination/1',
    engine: { version: engine.version, digest: engine.digest },
    rules: { update: rules.update, digest: rules.digest },
    product: { target: product.target, digest: product.digest, size: product.size },
    modules: parts.modules,
    databases: records?.databases ?? [],
    features: all,
    flows: [...followed.flows, ...(records?.flows ?? [])],
    unknowns,
    declaration,
    findings,
    coverage: coverageOf(found, parts.modules, records),
    answer: answerOf(findings, declaration.state, all, isWhole(found, parts.modules, unknowns)),
  };
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

function featuresOf(
  found: Survey,
  scripts: readonly ProductModule[],
  rules: Rules,
): PlacedFeature[] {
  const modules = new Map(scripts.map((module) => [module.path, module]));
  const manifests = new Map(found.manifests.map(({ path, json }) => [path, json]));
  const resolver = new Resolver(found.paths, manifests);
  const linker = new Linker(modules, resolver, rules);
  const features: PlacedFeature[] = [];
  const entries: string[] = [];
  for (const { path, json, places } of found.manifests) {
    if (isInstalled(path)) {
      const hasGyp = found.paths.has(path.replace(/package\.json$/, 'binding.gyp'));
      const installation = installationOf(path, json, places, resolver, rules, hasGyp);
      features.push(...installation.features);
      entries.push(...installation.entries);
    }
    for (const { start, end, ...rest } of path.endsWith('manifest.json')
      ? extensionFeatures(json)
      : []) {
      const evidence = JSON.stringify(rest.recipient);
      features.push({
        ...rest,
        path,
        place: places.at(start, end),
        evidence,
        when: 'load',
        within: [],
      });
    }
  }
  const installed = loadClosure(entries, modules, resolver);
  for (const module of scripts) {
    const own = module.reading.features.map((feature) => ({ ...feature, path: module.path }));
    const loaded = [...own, ...linker.featuresOf(module), ...nativeLoads(module, resolver)];
    const isAtInstall = installed.has(module.path);
    for (const feature of loaded) {
      features.push(
        isAtInstall && feature.when === 'load' ? { ...feature, when: 'install' } : feature,
      );
    }
  }
  return features;
}

/** Scripts of the product's own manifest run, and those of packages that it brings along. */
function isInstalled(path: string): boolean {
  return /^(node_modules\/(@[^/]+\/)?[^/]+\/)*package\.json$/.test(path);
}

/** Native modules that are named outright. */
function nativeLoads(module: ProductModule, resolver: Resolver): PlacedFeature[] {
  const features: PlacedFeature[] = [];
  for (const { specifier, place, when } of module.reading.imports) {
    const path = resolver.resolve(specifier, module.path);
    const isNative = path === undefined ? /\.node$/.test(specifier) : path.endsWith('.node');
    if (!isNative) continue;
    features.push({
      path: module.path,
      place,
      feature: 'code.load',
      evidence: specifier,
      recipient: path ?? specifier,
      when,
      rule: 'engine.native-load',
      within: [],
    });
  }
  return features;
}

function examinedModules(
  found: Survey,
  scripts: readonly ProductModule[],
  natives: readonly NativeProductModule[],
): ExaminedModule[] {
  const all = [...scripts.map((one) => ({ ...one, kind: 'script' as const })), ...natives];
  const modules: ExaminedModule[] = all.map(({ path, kind, digest, size, reading }) => ({
    path,
    kind,
    digest,
    size,
    state: reading.state,
    ...(reading.why === undefined ? {} : { why: reading.why }),
  }));
  for (const { path, kind, digest, size, why } of found.others) {
    const state = why === undefined ? 'read' : 'unread';
    modules.push({ path, kind, digest, size, state, ...(why === undefined ? {} : { why }) });
  }
  return modules.sort((a, b) => compareTexts(a.path, b.path));
}

function unknownsOf(
  found: Survey,
  scripts: readonly ProductModule[],
  natives: readonly NativeProductModule[],
  unfinished: ProductFlows['unfinished'],
  locators: Locators,
): Unknown[] {
  const unknowns: { path: string; start: number; unknown: Unknown }[] = [];
  const whole = (path: string, why: Why) => {
    const locator = locators.print(path, { kind: 'all' });
    unknowns.push({ path, start: 0, unknown: { feature: 'opaque.unanalysed', locator, why } });
  };
  for (const { path, reading } of scripts) {
    if (reading.unknowns.length === 0 && reading.why !== undefined) whole(path, reading.why);
    for (const { feature, place, why } of reading.unknowns) {
      const locator = locators.print(path, linePlace(place));
      unknowns.push({ path, start: place.start, unknown: { feature, locator, why } });
    }
  }
  for (const module of natives) {
    for (const { path, place, order, ...unknown } of nativeUnknowns(module)) {
      const locator = locators.print(path, place);
      unknowns.push({ path, start: order, unknown: { ...unknown, locator } });
    }
  }
  for (const { path, why } of found.others) if (why !== undefined) whole(path, why);
  for (const { path, why } of found.unread) whole(path, why);
  for (const { path, message } of unfinished) whole(path, { code: 'flow.unfinished', message });
  unknowns.sort((a, b) => compareTexts(a.path, b.path) || a.start - b.start);
  return unknowns.map(({ unknown }) => unknown);
}

function coverageOf(
  found: Survey,
  modules: readonly ExaminedModule[],
  records: DatabaseExamination | undefined,
): Coverage {
  const sum = (sizes: readonly { readonly size: number }[]) =>
    sizes.reduce((all, { size }) => all + size, 0);
  const read = modules.filter(({ state }) => state === 'read');
  const databases = records?.databases ?? [];
  const ofDatabases = found.candidates.filter(({ path }) => records?.members.has(path));
  const databaseBytes = ofDatabases.reduce((all, { bytes }) => all + bytes.length, 0);
  return {
    bytes: sum(modules) + sum(found.unread) + databaseBytes,
    bytesRead: sum(read) + databaseBytes,
    modules: modules.length,
    modulesRead: read.length,
    records: databases.reduce((all, one) => all + one.records, 0),
    recordsUnderstood: databases.reduce((all, one) => all + one.understood, 0),
  };
}

function isWhole(
  found: Survey,
  modules: readonly ExaminedModule[],
  unknowns: readonly Unknown[],
): boolean {
  return (
    found.unread.length === 0 &&
    unknowns.length === 0 &&
    modules.every(({ state }) => state === 'read')
  );
}

function answerOf(
  findings: readonly Finding[],
  declaration: ExaminedDeclaration['state'],
  features: readonly Feature[],
  isAll: boolean,
): Answer {
  if (findings.length > 0) return 'undeclared';
  if (!isAll || declaration === 'refused') return 'incomplete';
  if (features.length === 0) return 'none-found';
  return declaration === 'none' ? 'no-declaration' : 'declared';
}

function linePlace({ line, column }: Place): LocatorPlace {
  return { kind: 'line', start: { line, column } };
}

/** Prints locators of one product. */
class Locators {
  readonly #target: Target;

  constructor(target: string) {
    this.#target = parseTarget(target);
  }

  print(path: string, place: LocatorPlace): string {
    const target =
      this.#target.kind === 'purl' ? { ...this.#target, path: pathOf(path) } : this.#target;
    return printLocator({ target, place, guards: [] });
  }

  feature(from: PlacedFeature & { readonly id: string }): Feature {
    const { id, feature, path, place, at, evidence, recipient, when, rule } = from;
    return {
      id,
      feature,
      locator: this.print(path, at ?? linePlace(place)),
      evidence,
      ...(recipient === undefined ? {} : { recipient }),
      when,
      rule,
    };
  }
}
