/** One column of a table: numbers, or the bytes of texts. */
export type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** What kind of module it is. */
export type ModuleKind = 'elf' | 'pe' | 'macho' | 'wasm';

/** What is told of a module at once; the tables are in columns. Addresses of WebAssembly are offsets of the file. */
export interface ModuleAbout {
  readonly kind: ModuleKind;
  /** Names of a fat file's slices; it has no tables itself. */
  readonly slices: readonly string[];
  /** For people: `AArch64`. */
  readonly machine: string;
  readonly architecture: 'x86' | 'x86-64' | 'aarch64' | 'arm' | 'other' | 'wasm';
  readonly bits: 32 | 64;
  /** Virtual address of RVA 0, in hex. */
  readonly base: string;
  /** Where the image begins in the file: a slice of a fat file is further in. */
  readonly offset: number;
  readonly buildId?: string;
  readonly libraries: readonly string[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly unread: readonly {
    readonly what: string;
    readonly code: string;
    readonly message: string;
  }[];
  readonly sections: readonly AboutSection[];
  /** What a loader maps of the file, by address. */
  readonly ranges: readonly AboutRange[];
  readonly entries: readonly { readonly rva: number; readonly what: string }[];
  /** Function types of WebAssembly, by index. */
  readonly signatures: readonly (string | null)[];
  /** Functions of WebAssembly that are imported: the indices of the others begin behind. */
  readonly importedFunctions: number;
  /** Data of WebAssembly at constant addresses of its memory. */
  readonly data: readonly {
    readonly address: number | null;
    readonly offset: number;
    readonly size: number;
  }[];
  /** How many rows were left out of a table because there are too many. */
  readonly cut: { readonly strings: boolean; readonly references: boolean };
}

export interface AboutSection {
  readonly name: string;
  readonly rva: number;
  readonly size: number;
  readonly offset: number | null;
  readonly executable: boolean;
  readonly writable: boolean;
}

export interface AboutRange {
  readonly rva: number;
  /** In the image. */
  readonly offset: number;
  readonly size: number;
  readonly executable: boolean;
}

/** A module's tables: rows of one table are in the columns that begin with its name. */
export interface ModuleTables {
  readonly about: ModuleAbout;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Columns that grow. */
export class Growing {
  count = 0;
  #values = new Float64Array(1024);

  push(value: number): void {
    if (this.count === this.#values.length) {
      const wider = new Float64Array(this.count * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.count++] = value;
  }

  done(): Float64Array {
    return this.#values.subarray(0, this.count);
  }
}

/** Products of an address and a count above this are no exact number. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Two columns in order of the first, equal ones as they came. */
export function sortedPair(keys: Float64Array, values: Float64Array): [Float64Array, Float64Array] {
  const count = keys.length;
  const order = new Float64Array(count);
  let highest = 0;
  for (const key of keys) highest = Math.max(highest, key);
  if ((highest + 1) * count <= MAX_EXACT) {
    for (let at = 0; at < count; at += 1) order[at] = keys[at]! * count + at;
    order.sort();
    for (let at = 0; at < count; at += 1) order[at] = order[at]! % count;
  } else {
    for (let at = 0; at < count; at += 1) order[at] = at;
    order.sort((a, b) => keys[a]! - keys[b]! || a - b);
  }
  const pick = (from: Float64Array): Float64Array => {
    const to = new Float64Array(count);
    for (let at = 0; at < count; at += 1) to[at] = from[order[at]!]!;
    return to;
  };
  return [pick(keys), pick(values)];
}

/** Index of the last value at or below `wanted` of a sorted column; -1 before the first. */
export function lastAtOrBelow(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= wanted) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found;
}

/** Index of the first value at or above `wanted`; the count when there is none. */
export function firstAtOrAbove(values: Float64Array, wanted: number): number {
  return lastAtOrBelow(values, wanted - 0.5) + 1;
}
