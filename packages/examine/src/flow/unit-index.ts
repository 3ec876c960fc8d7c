import { child, Kind, nameOf, Role, type ScriptTree, stringValue } from '@avow/formats/script';

/** Calls and members of one tree by name, made in one pass when data first reaches the module. */
export class UnitIndex {
  readonly #tree: ScriptTree;
  #calls: Map<string, number[]> | undefined;
  #constructions: number[] | undefined;
  #thisMembers: Map<string, number[]> | undefined;
  #members: Map<string, number[]> | undefined;
  #requires: number[] | undefined;
  #handlers: number[] | undefined;
  #lines: number[] | undefined;

  constructor(tree: ScriptTree) {
    this.#tree = tree;
  }

  /** Calls by the last name of their callee: `on` of `a.b.on(…)`, `f` of `f(…)`. */
  callsNamed(name: string): readonly number[] {
    this.#scan();
    return this.#calls!.get(name) ?? [];
  }

  /** Every `new`. */
  get constructions(): readonly number[] {
    this.#scan();
    return this.#constructions!;
  }

  /** Members of `this` by name. */
  thisMembers(name: string): readonly number[] {
    this.#scan();
    return this.#thisMembers!.get(name) ?? [];
  }

  thisMemberNames(): Iterable<string> {
    this.#scan();
    return this.#thisMembers!.keys();
  }

  /** Members of anything by name, written with a dot or a constant key. */
  membersNamed(name: string): readonly number[] {
    this.#scan();
    return this.#members!.get(name) ?? [];
  }

  /** Assignments to a member called `on…`: `onmessage = …`, `port.onmessage = …`. */
  get handlers(): readonly number[] {
    this.#scan();
    return this.#handlers!;
  }

  /** Calls of `require` and `import()` with a constant name. */
  get requires(): readonly number[] {
    this.#scan();
    return this.#requires!;
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
    this.#calls = new Map();
    this.#constructions = [];
    this.#thisMembers = new Map();
    this.#members = new Map();
    this.#requires = [];
    this.#handlers = [];
    for (let node = 0; node < tree.count; node += 1) {
      const kind = tree.kind[node];
      if (kind === Kind.Call) {
        const callee = node + 1;
        const name = nameOf(tree, callee);
        if (name !== undefined) push(this.#calls, name, node);
        if (name === 'require' && tree.kind[callee] === Kind.Identifier) this.#requires.push(node);
      } else if (kind === Kind.New) {
        this.#constructions.push(node);
      } else if (kind === Kind.ImportCall) {
        this.#requires.push(node);
      } else if (kind === Kind.Member) {
        const index = child(tree, node, Role.Index);
        const name = index < 0 ? nameOf(tree, node) : stringValue(tree, index);
        if (name === undefined) continue;
        push(this.#members, name, node);
        if (tree.kind[node + 1] === Kind.This) push(this.#thisMembers, name, node);
      } else if (kind === Kind.Assignment && nameOf(tree, node + 1)?.startsWith('on') === true) {
        this.#handlers.push(node);
      }
    }
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
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
