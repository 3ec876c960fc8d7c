import { Refused } from '@avow/bytes';
import { referredFunctions, type WasmModule } from '@avow/formats/wasm';
import { reachedFrom } from './graph.ts';

/** Functions of one type that a call by it is followed to: more are an interpreter's, and say nothing. */
const MAX_FOLLOWED = 8;

/** What a call by type may reach: functions of that type whose references a table can hold. */
export class TableCalls {
  readonly #module: WasmModule;
  readonly #byType: ReadonlyMap<string, readonly number[]>;

  constructor(module: WasmModule) {
    this.#module = module;
    const byType = new Map<string, number[]>();
    for (const func of referredBy(module)) {
      const type = module.types[module.functionTypes[func] ?? -1]?.text;
      if (type === undefined) continue;
      const known = byType.get(type);
      if (known === undefined) byType.set(type, [func]);
      else known.push(func);
    }
    this.#byType = byType;
  }

  /** Indices of functions, by the index of a type. A host may put others into an exported table. */
  candidates(typeIndex: number): readonly number[] {
    const type = this.#module.types[typeIndex]?.text;
    return (type === undefined ? undefined : this.#byType.get(type)) ?? NONE;
  }
}

const NONE: readonly number[] = [];

function referredBy(module: WasmModule): Iterable<number> {
  try {
    return referredFunctions(module);
  } catch (error) {
    // Sections that are broken so deep have no table that an engine would make.
    if (error instanceof Refused) return [];
    throw error;
  }
}

/** Who calls whom in a WebAssembly module, outright and by type where few functions have it. */
export class WasmGraph {
  readonly #table: TableCalls;
  readonly #called = new Map<number, Set<number>>();

  constructor(table: TableCalls) {
    this.#table = table;
  }

  call(from: number, to: number): void {
    const known = this.#called.get(from);
    if (known === undefined) this.#called.set(from, new Set([to]));
    else known.add(to);
  }

  callByType(from: number, typeIndex: number): void {
    const candidates = this.#table.candidates(typeIndex);
    if (candidates.length > MAX_FOLLOWED) return;
    for (const to of candidates) this.call(from, to);
  }

  reached(starts: Iterable<number>, steps = Number.POSITIVE_INFINITY): Map<number, number> {
    return reachedFrom((index) => this.#called.get(index) ?? [], starts, steps);
  }
}
