import { extensionFeatures, startedWithEditor } from '../manifest/extension.ts';
import { ADDON } from '../rules/addon-names.ts';
import type { Rules } from '../rules/compile.ts';
import { loadClosure } from './closure.ts';
import { type InlineModule, inlineFeatures } from './inline.ts';
import { installationOf, isInstalled } from './install.ts';
import type { Linker } from './link.ts';
import type { PlacedFeature, ProductModule } from './module.ts';
import { folderOf, Resolver } from './resolve.ts';
import type { Survey } from './survey.ts';

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
  for (const module of inline) {
    features.push(...inlineFeatures(module, linker));
    for (const { specifier, when } of module.reading.imports) {
      const target = when === 'load' ? resolver.resolve(specifier, module.path) : undefined;
      if (target !== undefined) entries.push(target);
    }
  }
  const installed = loadClosure(entries, modules, resolver);
  for (const module of scripts) {
    const own = module.reading.features.map((feature) => ({ ...feature, path: module.path }));
    const loaded = [...own, ...linker.featuresOf(module), ...nativeLoads(module, resolver)];
    const isAtInstall = installed.has(module.path);
    const isActivated = activated.has(module.path);
    for (const feature of loaded) {
      if (isAtInstall && feature.when === 'load') features.push({ ...feature, when: 'install' });
      else if (isActivated && feature.isInActivate === true)
        features.push({ ...feature, when: 'load' });
      else features.push(feature);
    }
  }
  return features;
}

/** Native modules that are named outright. */
function nativeLoads(module: ProductModule, resolver: Resolver): PlacedFeature[] {
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
      when,
      rule: 'engine.native-load',
      within: [],
    });
  }
  return features;
}
