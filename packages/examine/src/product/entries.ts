import { type JsonNode, jsonAt } from '../manifest/json.ts';
import { folderOf, type Resolver } from './resolve.ts';

/** Fields of a package.json that name what is loaded by who imports the package (npm, Node, bundlers). */
const ENTRY_FIELDS = ['main', 'module', 'browser', 'exports'];

/** Files that one manifest may name: `exports` of real packages have some hundred. */
const MAX_ENTRIES = 2000;

/**
 * The scripts that are loaded because the product is used at all: what a
 * package's manifest names for who imports it, background and content scripts
 * of a browser extension. Commands (`bin`) run when a person asks for them, and
 * packages that are brought along when they are imported.
 */
export function entriesOf(path: string, manifest: JsonNode, resolver: Resolver): string[] {
  if (/(^|\/)node_modules\//.test(path)) return [];
  const nodes = path.endsWith('manifest.json')
    ? [
        jsonAt(manifest, 'background', 'service_worker'),
        jsonAt(manifest, 'background', 'scripts'),
        ...(jsonAt(manifest, 'content_scripts')?.items ?? []).map((each) => jsonAt(each, 'js')),
      ]
    : ENTRY_FIELDS.map((field) => jsonAt(manifest, field));
  const named = nodes.flatMap((node) => textsIn(node)).slice(0, MAX_ENTRIES);
  const isPackage = jsonAt(manifest, 'name') !== undefined && path.endsWith('package.json');
  if (named.length === 0 && isPackage) named.push('.');
  const files = named.map((text) => resolver.file(text, folderOf(path)));
  return [...new Set(files.filter((file) => file !== undefined))];
}

/** All texts in a value, at any depth: of `exports` those of each condition. */
function textsIn(node: JsonNode | undefined): string[] {
  if (node === undefined) return [];
  if (typeof node.value === 'string') return [node.value];
  return [...node.items, ...node.entries.map((entry) => entry.node)].flatMap((one) => textsIn(one));
}
