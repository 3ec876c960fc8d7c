import { child, Kind, nameOf, Role, stringValue } from '@avow/formats/script';
import { GLOBAL_OBJECTS } from '../../rules/known.ts';
import type { Script } from '../script.ts';

const GLOBALS: ReadonlySet<string> = new Set(GLOBAL_OBJECTS);

const MAX_DEPTH = 12;

/**
 * What an expression stands for, looked up backwards from it: `path.join`,
 * `os.homedir`, `Buffer.from`, `process.env`. A module's members are written
 * without `node:`; a global's as they are. Only what is certain: one
 * definition, no condition.
 */
export function originOf(script: Script, node: number, depth = 0): string | undefined {
  const { tree } = script;
  if (depth > MAX_DEPTH) return undefined;
  switch (tree.kind[node]) {
    case Kind.Identifier: {
      const global = script.globalName(node);
      if (global !== undefined) return GLOBALS.has(global) ? '' : global;
      return originOfBinding(script, script.bindingAt(node), depth);
    }
    case Kind.Member: {
      const index = child(tree, node, Role.Index);
      const key =
        nameOf(tree, node) ??
        (index < 0 ? undefined : (stringValue(tree, index) ?? script.constantAt(index)));
      const object = child(tree, node, Role.Object);
      const origin = key === undefined ? undefined : originOf(script, object, depth + 1);
      return origin === undefined ? undefined : memberOf(origin, key!);
    }
    case Kind.Call:
      return originOfCall(script, node, depth);
    case Kind.Sequence: {
      let last = -1;
      for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) last = at;
      return originOf(script, last, depth + 1);
    }
    case Kind.Await:
      return originOf(script, node + 1, depth + 1);
    default:
      return undefined;
  }
}

function originOfBinding(script: Script, binding: number, depth: number): string | undefined {
  const definition = binding < 0 ? undefined : script.definitionOf(binding);
  if (definition === undefined) return undefined;
  const { tree } = script;
  const { node, path } = definition;
  const kind = tree.kind[node];
  let origin: string | undefined;
  if (
    kind === Kind.ImportSpecifier ||
    kind === Kind.ImportDefault ||
    kind === Kind.ImportNamespace
  ) {
    const source = stringValue(tree, child(tree, tree.parent[node]!, Role.Source));
    const name = kind === Kind.ImportSpecifier ? nameOf(tree, node) : undefined;
    origin = source === undefined ? undefined : moduleName(source);
    if (origin !== undefined && name !== undefined) origin = memberOf(origin, name);
  } else if (kind === Kind.ImportEquals) {
    const source = child(tree, node, Role.Source);
    origin = source < 0 ? undefined : moduleName(stringValue(tree, source) ?? '');
  } else {
    origin = originOf(script, node, depth + 1);
  }
  return path.reduce<string | undefined>(
    (from, key) => (from === undefined ? undefined : memberOf(from, key)),
    origin,
  );
}

/** `require("path")`, and helpers of transpilers around it. */
function originOfCall(script: Script, node: number, depth: number): string | undefined {
  const { tree } = script;
  const callee = child(tree, node, Role.Callee);
  const argument = child(tree, node, Role.Argument);
  if (argument < 0) return undefined;
  const name = script.globalName(callee);
  if (name === 'require')
    return moduleName(stringValue(tree, argument) ?? script.constantAt(argument) ?? '');
  const isHelper = /^_*(interop|import|toESM|toModule)/.test(nameOf(tree, callee) ?? '');
  return isHelper ? originOf(script, argument, depth + 1) : undefined;
}

function moduleName(specifier: string): string | undefined {
  if (specifier === '') return undefined;
  return specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
}

function memberOf(origin: string, key: string): string {
  if (key === 'default') return origin;
  if (origin === '') return GLOBALS.has(key) ? '' : key;
  return `${origin}.${key}`;
}
