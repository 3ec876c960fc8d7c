import { contributionFeatures } from '../manifest/contributions.ts';
import {
  extensionFeatures,
  type ManifestFeature,
  startedWithEditor,
} from '../manifest/extension.ts';
import type { JsonNode } from '../manifest/json.ts';
import { ADDON } from '../rules/addon-names.ts';
import type { Rules } from '../rules/compile.ts';
import type { CalledExport } from './called-exports.ts';
import { entriesOf } from './entries.ts';
import { type InlineModule, inlineFeatures } from './inline.ts';
import { installationOf, isInstalled } from './install.ts';
import type { Linker } from './link.ts';
import type { PlacedFeature, ProductModule } from './module.ts';
import { folderOf, Resolver } from './resolve.ts';
import { Running } from './running.ts';
import type { Survey } from './survey.ts';

type WaitingFeature = Pick<PlacedFeature, 'when' | 'isInActivate'>;

/** What the scripts and manifests of a product do, linked. */
export function featuresOf(
  found: Survey,
  scripts: readonly ProductModule[],
  inline: readonly InlineModule[],
  rules: Rules,
  linker: Linker,
): PlacedFeature[] {
  const modules = new Map(scripts.map((module) => [module.path, module]));
  const manifests = new Map(found.manifests.map(({ path, json }) => [path, json]));
  const resolver = new Resolver(found.paths, manifests);
  const features: PlacedFeature[] = [];
  const entries: string[] = [];
  const activated = new Set<string>();
  for (const { path, json, places } of found.manifests) {
    const main = startedWithEditor(json);
    const started = main === undefined ? undefined : resolver.file(main, folderOf(path));
    if (started !== undefined) activated.add(started);
    if (isInstalled(path)) {
      const hasGyp = found.paths.has(path.replace(/package\.json$/, 'binding.gyp'));
      const installation = installationOf(path, json, places, resolver, rules, hasGyp);
      features.push(...installation.features);
      entries.push(...installation.entries);
    }
    for (const { start, end, ...feature } of manifestFeatures(path, json)) {
      const evidence = JSON.stringify(feature.recipient);
      features.push({ ...feature, path, place: places.at(start, end), evidence, within: [] });
    }
  }
  for (const module of inline) {
    features.push(...inlineFeatures(module, linker));
    for (const { specifier, when } of module.reading.imports) {
      const target = when === 'load' ? resolver.resolve(specifier, module.path) : undefined;
      if (target !== undefined) entries.push(target);
    }
  }
  const entered = found.manifests.flatMap(({ path, json }) => entriesOf(path, json, resolver));
  const activate = [...activated].map((path): CalledExport => ({ path, name: 'activate' }));
  const installed = new Running(entries, [], modules, resolver);
  const started = new Running(entered, activate, modules, resolver);
  for (const module of scripts) {
    const { path, reading } = module;
    const isAtInstall = installed.isLoaded(path);
    const isActivated = activated.has(path);
    const whenOf = (what: 'features' | 'links') => {
      const [atInstall, atStart] = [installed, started].map((one) => one.calledIn(module, what));
      return <T extends WaitingFeature>(feature: T, number: number): T => {
        if ((isAtInstall && feature.when === 'load') || atInstall!.has(number))
          return { ...feature, when: 'install' };
        const isStarted = atStart!.has(number) || (isActivated && feature.isInActivate === true);
        return isStarted ? { ...feature, when: 'load' } : feature;
      };
    };
    const own = reading.features.map((feature) => ({ ...feature, path }));
    features.push(...own.map(whenOf('features')));
    features.push(...linker.featuresOf(module, whenOf('links')));
    features.push(...nativeLoads(module, resolver, isAtInstall));
  }
  return features;
}

/** What a manifest brings about without code. */
function manifestFeatures(path: string, json: JsonNode): ManifestFeature[] {
  return path.endsWith('manifest.json') ? extensionFeatures(json) : contributionFeatures(json);
}

/** Native modules that are named outright. */
function nativeLoads(
  module: ProductModule,
  resolver: Resolver,
  isAtInstall: boolean,
): PlacedFeature[] {
  const features: PlacedFeature[] = [];
  for (const { specifier, place, when } of module.reading.imports) {
    // Told by the observer at the loader's call.
    if (specifier.startsWith(ADDON)) continue;
    const path = resolver.resolve(specifier, module.path);
    const isNative = path === undefined ? /\.node$/.test(specifier) : path.endsWith('.node');
    if (!isNative) continue;
    features.push({
      path: module.path,
      place,
      feature: 'code.load',
      evidence: specifier,
      recipient: path ?? specifier,
      when: isAtInstall && when === 'load' ? 'install' : when,
      rule: 'engine.native-load',
      within: [],
    });
  }
  return features;
}
