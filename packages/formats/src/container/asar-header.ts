import { Refused } from '@avow/bytes';

/** A file or folder of the header, as its JSON has it: nothing but `files` is checked. */
export interface AsarNode {
  /** Of a folder: nodes by name. */
  readonly files?: unknown;
  readonly size?: unknown;
  readonly offset?: unknown;
  readonly link?: unknown;
  readonly unpacked?: unknown;
  readonly integrity?: unknown;
}

/** The tree of the header. Refuses `asar.tree` where it is no JSON object with `files`. */
export function parseAsarHeader(text: string): AsarNode {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw new Refused('asar.tree', 16, `no JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (!isObject(root) || !isObject(root['files'])) {
    throw new Refused('asar.tree', 16, 'the header has no files');
  }
  return root;
}

/** What is in a folder, by name, in the order of the JSON; nothing where that is no object. */
export function childNodes(folder: AsarNode): readonly (readonly [string, AsarNode])[] {
  const files = isObject(folder.files) ? folder.files : {};
  return Object.entries(files).map(([name, node]) => [name, isObject(node) ? node : {}] as const);
}

/** What the header says of a file's digests. */
export interface AsarIntegrity {
  readonly algorithm?: unknown;
  readonly hash?: unknown;
  readonly blockSize?: unknown;
  readonly blocks?: unknown;
}

export function integrityOf(node: AsarNode): AsarIntegrity | undefined {
  return isObject(node.integrity) ? node.integrity : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
