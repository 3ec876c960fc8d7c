import type { Kind, Role } from './kinds.ts';
import type { ScriptTree } from './tree.ts';

/** Bytes of one node over all columns. */
const ROW_BYTES = 1 + 1 + 2 + 4 * 5;

const FIRST_CAPACITY = 1 << 14;

/** Minified code has a node for about three characters. */
const NODES_PER_UNIT = 0.4;

/** Room for more nodes is given back with the next script that does not need it. */
const MOST_KEPT = 1 << 20;

/** A tree of more nodes takes the columns themselves: a copy of so much costs more than new columns. */
const LARGE = 1 << 18;

/**
 * The columns of a tree while it is built. Kept between scripts, so that a
 * product's thousands of small ones cost one allocation each.
 *
 * Nodes are added in preorder; `parent` of each must have been added before.
 */
export class Columns {
  count = 0;
  capacity = 0;
  kind = new Uint8Array(0);
  role = new Uint8Array(0);
  flags = new Uint16Array(0);
  parent = new Int32Array(0);
  start = new Uint32Array(0);
  end = new Uint32Array(0);
  name = new Int32Array(0);
  #next = new Int32Array(0);

  add(
    kind: Kind,
    role: Role,
    flags: number,
    parent: number,
    start: number,
    end: number,
    name: number,
  ): number {
    const at = this.count;
    if (at === this.capacity) this.grow();
    this.kind[at] = kind;
    this.role[at] = role;
    this.flags[at] = flags;
    this.parent[at] = parent;
    this.start[at] = start;
    this.end[at] = end;
    this.name[at] = name;
    this.count = at + 1;
    return at;
  }

  /**
   * Room for the nodes of a text of so many code units, while there are no
   * nodes: columns that grow leave half of their memory behind as garbage, and
   * room that is not used takes none.
   */
  reserve(units: number): void {
    const capacity = Math.ceil(units * NODES_PER_UNIT);
    if (this.capacity > MOST_KEPT && capacity <= MOST_KEPT) this.#release();
    if (capacity <= this.capacity) return;
    this.capacity = Math.ceil(capacity / 2);
    this.grow();
  }

  /** At once: as garbage they would stay until there is more of it. */
  #release(): void {
    const { kind, role, flags, parent, start, end, name } = this;
    for (const column of [kind, role, flags, parent, start, end, name, this.#next]) {
      column.buffer.transfer(0);
    }
    this.kind = new Uint8Array(0);
    this.role = new Uint8Array(0);
    this.flags = new Uint16Array(0);
    this.parent = new Int32Array(0);
    this.start = new Uint32Array(0);
    this.end = new Uint32Array(0);
    this.name = new Int32Array(0);
    this.#next = new Int32Array(0);
    this.capacity = 0;
  }

  /** Doubles the capacity; the columns are new arrays after it. */
  grow(): void {
    const { count } = this;
    const capacity = Math.max(FIRST_CAPACITY, this.capacity * 2);
    this.kind = grown(this.kind.subarray(0, count), new Uint8Array(capacity));
    this.role = grown(this.role.subarray(0, count), new Uint8Array(capacity));
    this.flags = grown(this.flags.subarray(0, count), new Uint16Array(capacity));
    this.parent = grown(this.parent.subarray(0, count), new Int32Array(capacity));
    this.start = grown(this.start.subarray(0, count), new Uint32Array(capacity));
    this.end = grown(this.end.subarray(0, count), new Uint32Array(capacity));
    this.name = grown(this.name.subarray(0, count), new Int32Array(capacity));
    this.capacity = capacity;
  }

  /**
   * The tree of all nodes added since the last, in these very columns: it is
   * overwritten when the next nodes are added. Of a tree that is looked at and
   * dropped, the copy is a good part of its cost, and of all memory.
   */
  lend(text: string, goal: ScriptTree['goal'], names: readonly string[]): ScriptTree {
    const { count } = this;
    this.count = 0;
    if (this.#next.length < count) this.#next = new Int32Array(this.capacity);
    const next = this.#next.subarray(0, count).fill(0);
    const parent = this.parent.subarray(0, count);
    closeSubtrees(parent, next, count);
    return {
      ...{ text, goal, count, names, parent, next, isLent: true },
      kind: this.kind.subarray(0, count),
      role: this.role.subarray(0, count),
      flags: this.flags.subarray(0, count),
      start: this.start.subarray(0, count),
      end: this.end.subarray(0, count),
      name: this.name.subarray(0, count),
    };
  }

  /** The tree of all nodes added since the last, in columns of its own. */
  take(text: string, goal: ScriptTree['goal'], names: readonly string[]): ScriptTree {
    const { count } = this;
    if (count > LARGE) {
      const tree = this.lend(text, goal, names);
      this.capacity = 0;
      this.#next = new Int32Array(0);
      this.grow();
      return { ...tree, isLent: false };
    }
    this.count = 0;
    const buffer = new ArrayBuffer(count * ROW_BYTES);
    let offset = 0;
    const place = <T extends { set(from: T): void }>(
      Column: new (buffer: ArrayBuffer, offset: number, length: number) => T,
      from: T,
      bytes: number,
    ): T => {
      const column = new Column(buffer, offset, count);
      column.set(from);
      offset += bytes * count;
      return column;
    };
    const parent = place(Int32Array, this.parent.subarray(0, count), 4);
    const start = place(Uint32Array, this.start.subarray(0, count), 4);
    const end = place(Uint32Array, this.end.subarray(0, count), 4);
    const name = place(Int32Array, this.name.subarray(0, count), 4);
    const next = new Int32Array(buffer, offset, count);
    offset += 4 * count;
    const flags = place(Uint16Array, this.flags.subarray(0, count), 2);
    const kind = place(Uint8Array, this.kind.subarray(0, count), 1);
    const role = place(Uint8Array, this.role.subarray(0, count), 1);
    closeSubtrees(parent, next, count);
    const isLent = false;
    return { text, goal, count, kind, role, flags, parent, next, start, end, name, names, isLent };
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** From the last node to the first, each tells its parent where its subtree ends. */
function closeSubtrees(parent: Int32Array, next: Int32Array, count: number): void {
  for (let at = count - 1; at > 0; at -= 1) {
    let end = next[at]!;
    if (end === 0) next[at] = end = at + 1;
    const above = parent[at]!;
    if (end > next[above]!) next[above] = end;
  }
  if (count > 0) next[0] = count;
}
