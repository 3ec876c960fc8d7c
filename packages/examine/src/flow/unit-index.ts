import { child, Flag, Kind, nameOf, Role, type ScriptTree, wordId } from '@avow/formats/script';
import { NodesByName } from './nodes-by-name.ts';

/** Calls and members of one tree by name, made in one pass when data first reaches the module. */
export class UnitIndex {
  readonly #tree: ScriptTree;
  #calls: NodesByName | undefined;
  #members: NodesByName | undefined;
  readonly #constructions: number[] = [];
  readonly #thisMembers = new Map<string, number[]>();
  readonly #requires: number[] = [];
  readonly #handlers: number[] = [];
  #ids: ReadonlyMap<string, number> | undefined;
  #lines: number[] | undefined;

  constructor(tree: ScriptTree) {
    this.#tree = tree;
  }

  /** Calls by the last name of their callee: `on` of `a.b.on(…)`, `f` of `f(…)`. */
  callsNamed(name: string): readonly number[] {
    this.#scan();
    const id = this.#idOf(name);
    return id === undefined ? [] : this.#calls!.of(id);
  }

  /** Every `new`. */
  get constructions(): readonly number[] {
    this.#scan();
    return this.#constructions;
  }

  /** Members of `this` by name. */
  thisMembers(name: string): readonly number[] {
    this.#scan();
    return this.#thisMembers.get(name) ?? [];
  }

  thisMemberNames(): Iterable<string> {
    this.#scan();
    return this.#thisMembers.keys();
  }

  /** Members of anything by name, written with a dot or a constant key. */
  membersNamed(name: string): readonly number[] {
    this.#scan();
    const id = this.#idOf(name);
    return id === undefined ? [] : this.#members!.of(id);
  }

  /** Assignments to a member called `on…`: `onmessage = …`, `port.onmessage = …`. */
  get handlers(): readonly number[] {
    this.#scan();
    return this.#handlers;
  }

  /** Calls of `require` and `import()` with a constant name. */
  get requires(): readonly number[] {
    this.#scan();
    return this.#requires;
  }

  /** The function that a script declares at its top under a name, or -1. */
  outerFunction(name: string): number {
    const tree = this.#tree;
    for (let node = 1; node < tree.count; node = tree.next[node]!) {
      if (tree.kind[node] !== Kind.FunctionDeclaration) continue;
      if (nameOf(tree, child(tree, node, Role.Id)) === name) return node;
    }
    return -1;
  }

  /** Nodes that start at an offset, outermost first: in preorder, starts never go back. */
  startingAt(offset: number): readonly number[] {
    const { start, count } = this.#tree;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    while (low < count && start[low] === offset) {
      found.push(low);
      low += 1;
    }
    return found;
  }

  /** Line and column from 1; columns in UTF-16 code units. */
  lineAndColumn(offset: number): { readonly line: number; readonly column: number } {
    this.#lines ??= lineStarts(this.#tree.text);
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#lines[low]! + 1 };
  }

  #scan(): void {
    if (this.#calls !== undefined) return;
    const tree = this.#tree;
    const { kind, name, names } = tree;
    this.#calls = new NodesByName(tree, (node) =>
      kind[node] === Kind.Call ? name[node + 1]! : -1,
    );
    this.#members = new NodesByName(tree, (node) =>
      kind[node] === Kind.Member ? keyOf(tree, node) : -1,
    );
    const handlers = Uint8Array.from(names, (one) => (one.startsWith('on') ? 1 : 0));
    for (let node = 0; node < tree.count; node += 1) {
      switch (kind[node]) {
        case Kind.Call:
          if (name[node + 1] === wordId.require && kind[node + 1] === Kind.Identifier)
            this.#requires.push(node);
          break;
        case Kind.New:
          this.#constructions.push(node);
          break;
        case Kind.ImportCall:
          this.#requires.push(node);
          break;
        case Kind.This:
          this.#addThis(tree.parent[node]!, node);
          break;
        case Kind.Assignment:
          if (handlers[name[node + 1]!] === 1) this.#handlers.push(node);
          break;
        default:
      }
    }
  }

  #addThis(member: number, node: number): void {
    const tree = this.#tree;
    if (tree.kind[member] !== Kind.Member || member + 1 !== node) return;
    const id = keyOf(tree, member);
    const name = id < 0 ? undefined : tree.names[id]!;
    if (name === undefined) return;
    const known = this.#thisMembers.get(name);
    if (known === undefined) this.#thisMembers.set(name, [member]);
    else known.push(member);
  }

  /** The index of a name among the tree's; undefined where the tree has no such. */
  #idOf(name: string): number | undefined {
    this.#ids ??= new Map(this.#tree.names.map((one, id) => [one, id]));
    return this.#ids.get(name);
  }
}

/** What a member is called, with a dot or a constant key, as an index among names; -1 where it is computed. */
function keyOf(tree: ScriptTree, member: number): number {
  const { kind, name, flags, next } = tree;
  if ((flags[member]! & Flag.Computed) === 0) return name[member]!;
  const index = child(tree, member, Role.Index);
  if (kind[index] === Kind.String) return name[index]!;
  return kind[index] === Kind.Template && next[index] === index + 2 ? name[index + 1]! : -1;
}

/** Offsets of line starts: after LF, CR and CRLF, as the observation counts. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 13 && text.charCodeAt(at + 1) === 10) at += 1;
    if (unit === 10 || unit === 13) starts.push(at + 1);
  }
  return starts;
}
