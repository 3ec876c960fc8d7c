import {
  BindingKind,
  children,
  declarationsOf,
  isFunction,
  Kind,
  nameOf,
  Role,
} from '@avow/formats/script';
import type { GivenCalls } from '../reading.ts';
import type { Script } from '../script.ts';
import { eitherOf } from './value.ts';

/** Patterns within patterns that lead to a name: `({ to: { url } })`. */
const MAX_PATTERNS = 6;

/** The texts that calls in other files give to parameters of a script's exports. */
export class OutsideCalls {
  readonly #script: Script;
  readonly #given: GivenCalls;
  readonly #exported: ReadonlyMap<number, readonly string[]>;

  constructor(script: Script, given: GivenCalls, exported: ReadonlyMap<number, readonly string[]>) {
    this.#script = script;
    this.#given = given;
    this.#exported = exported;
  }

  /** What a name is given that is a parameter or taken out of one, and there at `path`. */
  textsAt(binding: number, path: readonly string[]): string | undefined {
    const { tree, scopes } = this.#script;
    if (binding < 0 || scopes.bindingKind[binding] !== BindingKind.Param) return undefined;
    let at = declarationsOf(scopes, binding)[0] ?? -1;
    const keys = [...path];
    for (let patterns = 0; at >= 0 && patterns < 2 * MAX_PATTERNS; patterns += 1) {
      const parent = tree.parent[at]!;
      if (tree.role[at] === Role.Param && isFunction(tree, parent)) {
        const index = children(tree, parent, Role.Param).indexOf(at);
        return this.#textsOf(parent, [String(index), ...keys].join('.'));
      }
      if (tree.kind[parent] === Kind.Property) {
        const key = nameOf(tree, parent);
        if (key === undefined) return undefined;
        keys.unshift(key);
      } else if (tree.kind[parent] !== Kind.ObjectPattern && tree.kind[parent] !== Kind.Default) {
        return undefined;
      }
      at = parent;
    }
    return undefined;
  }

  #textsOf(fn: number, path: string): string | undefined {
    const texts = new Set<string>();
    for (const name of this.#exported.get(fn) ?? []) {
      const calls = Object.hasOwn(this.#given, name) ? this.#given[name]! : {};
      if (Object.hasOwn(calls, path)) for (const text of calls[path]!) texts.add(text);
    }
    return texts.size === 0 ? undefined : eitherOf(texts);
  }
}
