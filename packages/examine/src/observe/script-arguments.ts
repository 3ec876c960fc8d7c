import { child, children, Kind, Role } from '@avow/formats/script';
import type { ArgumentSource } from '../match/arguments.ts';
import type { Folder } from './fold/fold.ts';
import { isList, textOfValue } from './fold/value.ts';
import type { Observation } from './follow/value.ts';

/** The arguments of an observed use, folded when a rule asks for them. */
export class ScriptArguments implements ArgumentSource {
  readonly #folder: Folder;
  readonly #use: Observation;

  constructor(folder: Folder, use: Observation) {
    this.#folder = folder;
    this.#use = use;
  }

  text(path: string): string | undefined {
    if (path === 'name') return this.#use.held.name;
    const node = this.#nodeAt(path);
    if (node === undefined) return this.#textOutside(path);
    if (node < 0) return undefined;
    const text = this.#folder.text(node);
    return text ?? this.#urlOf(node);
  }

  /** Of `send(options)` where `options` is a parameter, and other files say what it holds. */
  #textOutside(path: string): string | undefined {
    const { head, index, rest } = parsedPath(path);
    const node = head === 'value' || head === 'made' ? undefined : this.#use.args?.[index];
    return node === undefined ? undefined : this.#folder.textOutside(node, rest);
  }

  texts(path: string): readonly (string | undefined)[] | undefined {
    const node = this.#nodeAt(path);
    const value = node === undefined || node < 0 ? undefined : this.#folder.value(node);
    return isList(value) ? value.map(textOfValue) : undefined;
  }

  isPresent(path: string): boolean | undefined {
    const node = this.#nodeAt(path);
    return node === undefined ? undefined : node >= 0;
  }

  /**
   * The texts at all of these paths of a call of what another file exports.
   * As `text` of each, but what an argument is gets asked once, not for each
   * path below it.
   */
  known(groups: readonly PathGroup[]): Record<string, string> {
    const folded: Record<string, string> = {};
    const { args = [], held } = this.#use;
    for (const { index, paths } of groups) {
      const node = this.#argument(args, index, []);
      if (node === undefined || node < 0) continue;
      let isObject: boolean | undefined;
      for (const { path, rest } of paths) {
        if (rest.length > 0) {
          isObject ??= this.#folder.literalAt(node) >= 0;
          if (!isObject) break;
        }
        const at = rest.length === 0 ? node : this.#folder.propertyAt(node, rest);
        const text = at < 0 ? undefined : (this.#folder.text(at) ?? this.#urlOf(at));
        if (text !== undefined) folded[path] = text;
      }
    }
    if (held.name !== undefined) folded['name'] = held.name;
    return folded;
  }

  /** The node at a path; -1 when nothing is there, undefined when it cannot be told. */
  #nodeAt(path: string): number | undefined {
    const { head, index, rest } = parsedPath(path);
    if (head === 'value') {
      return this.#use.value < 0 ? undefined : this.#property(this.#use.value, rest);
    }
    if (head !== 'made') return this.#argument(this.#use.args, index, rest);
    const { made } = this.#use.held;
    const { tree } = this.#folder.script;
    if (made < 0 || (tree.kind[made] !== Kind.Call && tree.kind[made] !== Kind.New)) {
      return undefined;
    }
    return this.#argument(children(tree, made, Role.Argument), index, rest);
  }

  #argument(
    args: readonly number[] | undefined,
    wanted: number,
    path: readonly string[],
  ): number | undefined {
    if (args === undefined) return undefined;
    const { tree } = this.#folder.script;
    const index = wanted < 0 ? args.length + wanted : wanted;
    for (let at = 0; at <= index && at < args.length; at += 1) {
      if (tree.kind[args[at]!] === Kind.Spread) return undefined;
    }
    const node = args[index];
    return node === undefined ? -1 : this.#property(node, path);
  }

  #property(node: number, path: readonly string[]): number | undefined {
    if (path.length === 0) return node;
    const found = this.#folder.propertyAt(node, path);
    if (found >= 0) return found;
    return this.#folder.literalAt(node) >= 0 ? -1 : undefined;
  }

  /** A URL or host from an options object, where the options stand for it: `{ hostname, path }`. */
  #urlOf(node: number): string | undefined {
    const { tree } = this.#folder.script;
    if (tree.kind[node] !== Kind.New) return undefined;
    const first = child(tree, node, Role.Argument);
    return first < 0 ? undefined : this.#folder.text(first);
  }
}

interface ParsedPath {
  /** `value`, `made`, or the index as written. */
  readonly head: string;
  readonly index: number;
  readonly rest: readonly string[];
}

/** Rules have some dozens of paths, and ask for them at every use. */
const PARSED = new Map<string, ParsedPath>();

/** Paths of one argument; the argument itself is first where it is among them. */
export interface PathGroup {
  readonly index: number;
  readonly paths: readonly { readonly path: string; readonly rest: readonly string[] }[];
}

/** Paths into arguments, by argument; those of what made the receiver are not among them. */
export function pathGroups(paths: readonly string[]): PathGroup[] {
  const groups = new Map<number, { path: string; rest: readonly string[] }[]>();
  for (const path of paths) {
    const { index, rest } = parsedPath(path);
    if (path.startsWith('made.') || Number.isNaN(index)) continue;
    const group = groups.get(index);
    if (group === undefined) groups.set(index, [{ path, rest }]);
    else group.push({ path, rest });
  }
  return [...groups].map(([index, of]) => ({
    index,
    paths: of.sort((a, b) => a.rest.length - b.rest.length),
  }));
}

function parsedPath(path: string): ParsedPath {
  let parsed = PARSED.get(path);
  if (parsed === undefined) {
    const [head = '', ...rest] = path.split('.');
    const at = head === 'made' ? Number(rest.shift()) : Number(head);
    PARSED.set(path, (parsed = { head, index: at, rest }));
  }
  return parsed;
}
