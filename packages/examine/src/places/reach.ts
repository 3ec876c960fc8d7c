import { decodeText, Refused, utf8Bytes } from '@avow/bytes';
import {
  BindingKind,
  child,
  Flag,
  isFunction,
  Kind,
  Role,
  referencesOf,
  type Scopes,
  type ScriptTree,
  scopesOf,
} from '@avow/formats/script';
import { jsonAt, readJson } from '../manifest/json.ts';
import { functionName } from './script.ts';

/**
 * The function around an offset that nothing refers to: neither its name nor
 * the variable that holds it is read anywhere but within itself, and it is not
 * exported. Undefined where every function around may be called, or where
 * names can be made at run time. `hasPages`: scripts of one page see each
 * other's names at the top, unless they are modules.
 */
export function unusedFunction(
  tree: ScriptTree,
  offset: number,
  hasPages: boolean,
): string | undefined {
  const scopes = scopesOf(tree);
  // A direct eval can name anything.
  if (scopes.scopeHasEval.some((has) => has === 1)) return undefined;
  for (let node = tree.count - 1; node >= 0; node--) {
    const isAround = tree.start[node]! <= offset && offset < tree.end[node]!;
    if (isAround && isFunction(tree, node) && isUnused(tree, scopes, node, hasPages)) {
      return functionName(tree, node) || '(without name)';
    }
  }
  return undefined;
}

function isUnused(tree: ScriptTree, scopes: Scopes, fn: number, hasPages: boolean): boolean {
  const id = holderOf(tree, fn);
  const binding = id < 0 ? -1 : scopes.bindingOf[id]!;
  if (binding < 0 || scopes.bindingKind[binding] === BindingKind.Global) return false;
  const isShared = hasPages && tree.goal === 'script' && scopes.bindingScope[binding] === 0;
  if (isShared) return false;
  // What several places declare or write may be another function by then.
  return referencesOf(scopes, binding).every((reference) => {
    const isWithin = reference > fn && reference < tree.next[fn]!;
    return isWithin || reference === id || (tree.flags[reference]! & Flag.Reads) === 0;
  });
}

/** The identifier that alone holds a function; -1 for one that is passed on, exported, or part of something. */
function holderOf(tree: ScriptTree, fn: number): number {
  const parent = tree.parent[fn]!;
  if (tree.kind[fn] === Kind.FunctionDeclaration) {
    const isExported =
      tree.kind[parent] === Kind.ExportNamed || tree.kind[parent] === Kind.ExportDefault;
    return isExported ? -1 : child(tree, fn, Role.Id);
  }
  if (tree.kind[parent] !== Kind.VariableDeclarator) return -1;
  const declaration = tree.parent[parent]!;
  const isExported = tree.kind[tree.parent[declaration]!] === Kind.ExportNamed;
  const id = child(tree, parent, Role.Id);
  return isExported || id < 0 || tree.kind[id] !== Kind.Identifier ? -1 : id;
}

/** A file of the product, as the search for its name wants it. */
export interface NamedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Whether no other file names `path` and the package's `exports` do not let
 * others in to it. Every mention of its name counts, also in a comment: only
 * silence says something.
 */
export function isUnnamedFile(path: string, files: readonly NamedFile[]): boolean {
  if (path.includes('!/') || path.includes('node_modules/')) return false;
  const manifest = files.find((one) => one.path === 'package.json');
  if (manifest === undefined || isOpen(manifest.bytes)) return false;
  const name = stemOf(path);
  if (name === '') return false;
  const wanted = utf8Bytes(name);
  return files.every((one) => one.path === path || !holds(one.bytes, wanted));
}

/** Without `exports` any file can be asked for from outside; a `*` in them lets in what it matches. */
function isOpen(bytes: Uint8Array): boolean {
  const { text } = decodeText(bytes);
  try {
    return jsonAt(readJson(text), 'exports') === undefined || text.includes('*');
  } catch (error) {
    if (error instanceof Refused) return true;
    throw error;
  }
}

/** `lib/send.js` is named as `send`, `lib/index.js` as `lib`. */
function stemOf(path: string): string {
  const parts = path.replace(/\.[^./]+$/, '').split('/');
  return (parts.at(-1) === 'index' ? parts.at(-2) : parts.at(-1)) ?? '';
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0]!;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}
