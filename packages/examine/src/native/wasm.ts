import { Refused, why } from '@avow/bytes';
import { readWasm, type WasmBody, type WasmModule, walkBody } from '@avow/formats/wasm';
import { matchesOf } from '../match/match.ts';
import { oneLine, shortened } from '../observe/evidence.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import type { SymbolNode } from '../rules/symbol.ts';
import { nearFlows } from './near.ts';
import type { NativeFeature, NativeReading, NativeUnknown } from './reading.ts';
import { WasmArguments } from './wasm-arguments.ts';
import { TableCalls, WasmGraph } from './wasm-graph.ts';
import { symbolsOfWasm } from './wasm-names.ts';

const MAX_EVIDENCE = 120;

/** Constants kept before a call: no import that rules speak of takes more. */
const MAX_OPERANDS = 12;

/** Calls by type at which one import is told: the table is one, however often it is used. */
const MAX_BY_TYPE = 20;

/**
 * All that a WebAssembly module says of itself: calls of WASI and of imports
 * that JavaScript gives, outright and by type where a table holds them.
 * Constants are believed as arguments only where nothing but constants stands
 * between them and the call.
 */
export function observeWasm(bytes: Uint8Array, rules: Rules): NativeReading {
  const module = readWasm(bytes);
  const observer = new WasmObserver(module, rules);
  module.bodies.forEach((body, index) => {
    observer.observe(body, module.importedFunctions + index);
  });
  return observer.reading();
}

/** A feature, before it is known what runs at instantiation. */
interface Found {
  readonly inside: number;
  readonly feature: NativeFeature;
}

class WasmObserver {
  readonly #module: WasmModule;
  readonly #rules: Rules;
  readonly #targets: readonly (WasmTarget | undefined)[];
  readonly #table: TableCalls;
  readonly #graph: WasmGraph;
  readonly #found: Found[] = [];
  readonly #unknowns: NativeUnknown[];
  readonly #exported: ReadonlyMap<number, string>;
  /** Imports that rules speak of and a call by a type may reach, by index of the type. */
  readonly #importsByType: (readonly number[])[] = [];
  /** How often each import was told at a call by type. */
  readonly #toldByType = new Map<number, number>();
  /** The last constants, in a ring. */
  readonly #operands = new Float64Array(MAX_OPERANDS);
  #codeBytes = 0;
  #sites = 0;

  constructor(module: WasmModule, rules: Rules) {
    this.#module = module;
    this.#rules = rules;
    this.#targets = targetsOf(module, rules);
    this.#table = new TableCalls(module);
    this.#graph = new WasmGraph(this.#table);
    this.#unknowns = module.unread.map(({ what, code, message }) => ({
      feature: 'opaque.unanalysed',
      place: { kind: 'all' },
      why: { code, message: `${what}: ${message}` },
    }));
    const functions = module.exports.filter(({ kind }) => kind === 'function');
    this.#exported = new Map(functions.map(({ index, name }) => [index, name]));
  }

  reading(): NativeReading {
    const { start } = this.#module;
    const loaded = this.#graph.reached(start === undefined ? [] : [start]);
    const features = this.#found.map(
      ({ inside, feature }): NativeFeature =>
        loaded.has(inside) ? { ...feature, when: 'load' } : feature,
    );
    return {
      features,
      unknowns: this.#unknowns,
      exports: [],
      flows: nearFlows(this.#found, this.#graph),
      summary: {
        functions: this.#module.bodies.length,
        sites: this.#sites,
        codeBytes: this.#codeBytes,
      },
    };
  }

  /** A body with an instruction that no version defines costs that body alone. */
  observe(body: WasmBody, func: number): void {
    this.#codeBytes += body.end - body.offset;
    const operands = this.#operands;
    const { importedFunctions } = this.#module;
    // Constants are the last operands while nothing stands between them.
    let next = -1;
    let count = 0;
    try {
      walkBody(this.#module.bytes, body, {
        call: (at, called) => {
          if (called >= importedFunctions) {
            this.#graph.call(func, called);
            return;
          }
          const known = at === next ? Math.min(count, MAX_OPERANDS) : 0;
          const last = Array.from(
            { length: known },
            (_, index) => operands[(count - known + index) % MAX_OPERANDS]!,
          );
          this.#call(func, at, called, last);
        },
        indirect: (at, type) => this.#callByType(func, at, type),
        constant: (at, value, end) => {
          if (at !== next) count = 0;
          operands[count % MAX_OPERANDS] = value;
          count += 1;
          next = end;
        },
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const address = `0x${(error.at ?? body.offset).toString(16)}`;
      const place = { kind: 'wasm', func, address } as const;
      this.#unknowns.push({ feature: 'opaque.unanalysed', place, why: why(error) });
    }
  }

  #call(func: number, at: number, called: number, operands: readonly number[]): void {
    this.#sites += 1;
    const target = this.#targets[called];
    if (target === undefined) return;
    const arity = this.#module.types[this.#module.functionTypes[called] ?? -1]?.parameters;
    const source = new WasmArguments(this.#module, operands, arity);
    this.#match(func, at, target, source, `call ${target.name}${source.shown()}`);
  }

  /** Imports that a table holds under the type of the call. */
  #callByType(func: number, at: number, type: number): void {
    this.#graph.callByType(func, type);
    this.#importsByType[type] ??= this.#table
      .candidates(type)
      .filter((called) => this.#targets[called] !== undefined);
    for (const called of this.#importsByType[type]) {
      const told = this.#toldByType.get(called) ?? 0;
      if (told >= MAX_BY_TYPE) continue;
      this.#toldByType.set(called, told + 1);
      const target = this.#targets[called]!;
      const all = this.#table.candidates(type).length;
      const among = all === 1 ? '' : `, one of ${all} of its type`;
      const source = new WasmArguments(this.#module, [], undefined);
      this.#match(func, at, target, source, `may call ${target.name} through a table${among}`);
    }
  }

  #match(
    func: number,
    at: number,
    { node }: WasmTarget,
    source: WasmArguments,
    evidence: string,
  ): void {
    for (const { feature, rule, recipient } of matchesOf(this.#rules, node.call, source)) {
      this.#found.push({
        inside: func,
        feature: {
          feature,
          place: { kind: 'wasm', func, address: `0x${at.toString(16)}` },
          evidence: shortened(oneLine(evidence), MAX_EVIDENCE),
          ...(recipient === undefined ? {} : { recipient }),
          when: 'call',
          rule,
          within: [this.#nameOf(func)],
        },
      });
    }
  }

  /** The name section's or an export's; indices move with each build. */
  #nameOf(func: number): string {
    return this.#module.names.get(func) ?? this.#exported.get(func) ?? '';
  }
}

interface WasmTarget {
  readonly name: string;
  readonly node: SymbolNode;
}

/** By function index: imports that a rule speaks of. */
function targetsOf(module: WasmModule, rules: Rules): (WasmTarget | undefined)[] {
  return module.imports
    .filter(({ kind }) => kind === 'function')
    .map(({ module: from, name }) => {
      const node = symbolsOfWasm(from, name)
        .map((symbol) => moduleSymbol(rules, symbol))
        .find((one) => one !== undefined && one.call.length > 0);
      return node === undefined ? undefined : { name: `${from}.${name}`, node };
    });
}
