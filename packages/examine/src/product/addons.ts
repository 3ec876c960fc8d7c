import type { NativeProductModule } from '../native/product.ts';
import { AddonLinks, type AddonUse, WHOLE } from './addon-links.ts';
import type { PlacedReach, ProductModule } from './module.ts';
import { Resolver } from './resolve.ts';
import type { Survey } from './survey.ts';

/** Lines told of one feature; more say that it is reached from everywhere. */
const MAX_LINES = 12;

/** Which lines of scripts reach the features of native modules. */
export class AddonReach {
  readonly #byFeature = new Map<string, PlacedReach[]>();
  /** Lines that only give the module on: told where no line uses it. */
  readonly #givenOn = new Map<string, PlacedReach[]>();

  /** Lines that reach a feature, by its index in the module's reading; in order of path and line. */
  of(path: string, index: number): readonly PlacedReach[] {
    const key = `${index} ${path}`;
    const lines = this.#byFeature.get(key) ?? [];
    const isUsed = lines.some((line) => line.export !== undefined);
    const all = isUsed ? lines : [...lines, ...(this.#givenOn.get(key) ?? [])];
    return all.sort(compareReaches).slice(0, MAX_LINES);
  }

  add(path: string, index: number, reach: PlacedReach, isGivenOn: boolean): void {
    const key = `${index} ${path}`;
    const byFeature = isGivenOn ? this.#givenOn : this.#byFeature;
    const lines = byFeature.get(key) ?? [];
    const isKnown = lines.some(
      (one) =>
        one.path === reach.path &&
        one.place.start === reach.place.start &&
        one.export === reach.export,
    );
    if (!isKnown) lines.push(reach);
    byFeature.set(key, lines);
  }
}

/**
 * Ties the features of `.node` files to the script lines that use their
 * properties, or that load them where a feature acts at load. Undefined where
 * the product has no such file.
 */
export function addonReach(
  found: Survey,
  scripts: readonly ProductModule[],
  natives: readonly NativeProductModule[],
): AddonReach | undefined {
  const links = addonLinks(found, scripts, natives);
  if (links === undefined) return undefined;
  const addons = new Map(natives.filter(isAddon).map((module) => [module.path, module]));
  const reach = new AddonReach();
  for (const use of links.uses()) addUse(reach, addons.get(use.addon)!, use);
  return reach;
}

/** The ways from scripts to `.node` files; undefined where the product has none. */
export function addonLinks(
  found: Survey,
  scripts: readonly ProductModule[],
  natives: readonly NativeProductModule[],
): AddonLinks | undefined {
  const addons = new Set(natives.filter(isAddon).map(({ path }) => path));
  if (addons.size === 0) return undefined;
  const manifests = new Map(found.manifests.map(({ path, json }) => [path, json]));
  const resolver = new Resolver(found.paths, manifests);
  return new AddonLinks(scripts, [...addons], manifests, resolver);
}

function isAddon({ path, reading }: NativeProductModule): boolean {
  return path.endsWith('.node') && reading.native !== undefined;
}

function addUse(
  reach: AddonReach,
  { path, reading }: NativeProductModule,
  { parts, line, isGivenOn = false }: AddonUse,
): void {
  const { features, exports } = reading.native!;
  if (parts.length === 0) {
    features.forEach(({ when }, index) => {
      if (when === 'load') reach.add(path, index, line, false);
    });
    return;
  }
  // `native.module.fork`: the innermost name that the module gives.
  const name = parts.findLast((part) => exports.some((one) => one.name === part));
  const isWhole = parts[0] === WHOLE;
  if (name === undefined && !isWhole) return;
  for (const one of exports) {
    if (one.name !== name && !isWhole) continue;
    for (const index of one.reaches)
      reach.add(path, index, { ...line, export: one.name }, isGivenOn);
  }
}

function compareReaches(a: PlacedReach, b: PlacedReach): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.place.start - b.place.start || ((a.export ?? '') < (b.export ?? '') ? -1 : 1);
}
