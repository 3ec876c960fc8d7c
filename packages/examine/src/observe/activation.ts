import { child, isFunction, Kind, Role } from '@avow/formats/script';
import { returnedBy } from './fold/returned.ts';
import type { Script } from './script.ts';

/** Of a script that knows VS Code: the functions that it may export as `activate`, which the editor calls. */
export function activations(script: Script): number[] {
  const { tree } = script;
  const id = tree.names.indexOf('activate');
  if (id < 0 || !tree.text.includes('vscode')) return [];
  const found = new Set<number>();
  const { name } = tree;
  for (let at = name.indexOf(id); at >= 0; at = name.indexOf(id, at + 1)) {
    const fn = functionNamed(script, at);
    if (fn >= 0) found.add(fn);
  }
  return [...found];
}

/** The function that is called `activate` at a node: `function activate`, `{ activate: run }`, `exports.activate = run`. */
function functionNamed(script: Script, at: number): number {
  const { tree } = script;
  const parent = tree.parent[at]!;
  switch (tree.kind[at]) {
    case Kind.Identifier:
      return tree.role[at] === Role.Id && isFunction(tree, parent) ? parent : -1;
    case Kind.Property: {
      const value = child(tree, at, Role.Value);
      const fn = script.functionAt(value);
      // Bundlers write a getter: `{ activate: () => run }`.
      const inner = isFunction(tree, value) ? script.functionAt(returnedBy(tree, value)) : -1;
      return inner >= 0 ? inner : fn;
    }
    case Kind.Member:
      return tree.kind[parent] === Kind.Assignment && tree.role[at] === Role.Left
        ? script.functionAt(tree.next[at]!)
        : -1;
    case Kind.ExportSpecifier:
      return script.functionAt(child(tree, at, Role.Local));
    default:
      return -1;
  }
}
