import type { ManifestFeature } from './extension.ts';
import { type JsonNode, jsonAt } from './json.ts';

/**
 * What the manifest of a VS Code extension brings about without code of its
 * own (VS Code, "Contribution Points"): programs that the editor starts, code
 * that it loads into the TypeScript server and into previews. Commands, keys,
 * menus and settings are what the maker says of the extension, not features.
 */
export function contributionFeatures(manifest: JsonNode): ManifestFeature[] {
  if (jsonAt(manifest, 'engines', 'vscode') === undefined) return [];
  const contributes = jsonAt(manifest, 'contributes');
  const features: ManifestFeature[] = [];
  const add = (
    node: JsonNode | undefined,
    what: Pick<ManifestFeature, 'feature' | 'when'>,
    before = '',
  ) => {
    if (typeof node?.value !== 'string' || node.value.trim() === '') return;
    const { value, start, end } = node;
    const recipient = `${before}${value}`.slice(0, MAX_RECIPIENT);
    features.push({ ...what, rule: 'engine.contribution', recipient, start, end });
  };
  for (const debug of listAt(contributes, 'debuggers')) {
    for (const node of [debug, ...PLATFORMS.map((platform) => jsonAt(debug, platform))]) {
      const runtime = node && jsonAt(node, 'runtime')?.value;
      const before = typeof runtime === 'string' ? `${runtime} ` : '';
      add(node && jsonAt(node, 'program'), { feature: 'exec.spawn', when: 'call' }, before);
    }
  }
  for (const plugin of listAt(contributes, 'typescriptServerPlugins'))
    add(jsonAt(plugin, 'name'), { feature: 'code.load', when: 'load' });
  for (const script of listAt(contributes, 'markdown.previewScripts'))
    add(script, { feature: 'code.inject', when: 'load' });
  const uninstall = jsonAt(manifest, 'scripts', 'vscode:uninstall');
  add(uninstall, { feature: 'exec.spawn', when: 'call' });
  return features;
}

const MAX_RECIPIENT = 200;

/** What a debugger may say of its program for one system alone. */
const PLATFORMS = ['windows', 'osx', 'linux'];

function listAt(contributes: JsonNode | undefined, key: string): readonly JsonNode[] {
  return (contributes && jsonAt(contributes, key)?.items) ?? [];
}
