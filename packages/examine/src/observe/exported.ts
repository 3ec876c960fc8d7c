import { child, children, Flag, isFunction, Kind, nameOf, Role } from '@avow/formats/script';
import { exportsOf } from './exports.ts';
import { returnedBy } from './fold/returned.ts';
import type { Script } from './script.ts';

/** Exports within exports that are looked into: `exports.api = { user: { get() {} } }`. */
const MAX_DEPTH = 3;

/**
 * The functions of a script that other files may call, each with what they call
 * it: `run`, `default`, `` for the module itself, `Client` for a constructor,
 * `Client().send` for a method of what it makes.
 */
export function exportedFunctions(script: Script): ReadonlyMap<number, readonly string[]> {
  const found = new Exported(script);
  for (const { name, node } of exportsOf(script)) if (node >= 0) found.take(name, node, 0);
  found.takeGetters();
  return found.names;
}

class Exported {
  readonly names = new Map<number, string[]>();
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  /** What stands at `node` is exported as `name`. */
  take(name: string, node: number, depth: number): void {
    const { tree } = this.#script;
    const fn = this.#script.functionAt(node);
    if (fn >= 0) {
      this.#add(name, fn);
      return;
    }
    const value = this.#valueOf(node);
    switch (tree.kind[value]) {
      case Kind.ClassDeclaration:
      case Kind.ClassExpression:
        this.#takeClass(name, value);
        break;
      case Kind.Object:
        if (depth < MAX_DEPTH) this.#takeObject(name, value, depth);
        break;
      default:
    }
  }

  /** Of bundlers and transpilers: `__export(all, { run: () => run })`, `{ get: function () { return run; } }`. */
  takeGetters(): void {
    const { tree } = this.#script;
    const { kind } = tree;
    for (let at = kind.indexOf(Kind.Property); at >= 0; at = kind.indexOf(Kind.Property, at + 1)) {
      const call = tree.parent[tree.parent[at]!]!;
      if (kind[call] !== Kind.Call || tree.role[tree.parent[at]!] !== Role.Argument) continue;
      const getter = child(tree, at, Role.Value);
      const given = getter >= 0 && isFunction(tree, getter) ? returnedBy(tree, getter) : -1;
      if (given < 0 || kind[given] !== Kind.Identifier) continue;
      const key = nameOf(tree, at);
      const name = key === 'get' ? this.#definedBy(call) : key;
      if (name !== undefined) this.take(name, given, 0);
    }
  }

  /** The name in `Object.defineProperty(exports, 'run', …)`. */
  #definedBy(call: number): string | undefined {
    const [, name] = children(this.#script.tree, call, Role.Argument);
    return name === undefined ? undefined : this.#script.constantAt(name);
  }

  #valueOf(node: number): number {
    const binding = this.#script.bindingAt(node);
    const definition = binding < 0 ? undefined : this.#script.definitionOf(binding);
    return definition === undefined || definition.path.length > 0 ? node : definition.node;
  }

  #takeClass(name: string, node: number): void {
    const { tree } = this.#script;
    for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) {
      if (tree.kind[at] !== Kind.Method && tree.kind[at] !== Kind.Field) continue;
      const fn = children(tree, at).find((each) => isFunction(tree, each));
      const key = nameOf(tree, at);
      if (fn === undefined || key === undefined) continue;
      const flags = tree.flags[at]!;
      if ((flags & Flag.Constructor) !== 0) this.#add(name, fn);
      else this.#add((flags & Flag.Static) !== 0 ? `${name}.${key}` : `${name}().${key}`, fn);
    }
  }

  #takeObject(name: string, node: number, depth: number): void {
    const { tree } = this.#script;
    // What `module.exports` and a default export hold is asked for by its own names.
    const prefix = name === '' || name === 'default' ? '' : `${name}.`;
    for (const property of children(tree, node, Role.Property)) {
      const key = tree.kind[property] === Kind.Property ? nameOf(tree, property) : undefined;
      const value = child(tree, property, Role.Value);
      if (key !== undefined && value >= 0) this.take(prefix + key, value, depth + 1);
    }
  }

  #add(name: string, fn: number): void {
    const names = this.names.get(fn);
    if (names === undefined) this.names.set(fn, [name]);
    else if (!names.includes(name)) names.push(name);
  }
}
