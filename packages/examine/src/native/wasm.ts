import { Refused, why } from '@avow/bytes';
import { readWasm, type WasmBody, type WasmModule, walkBody } from '@avow/formats/wasm';
import { matchesOf } from '../match/match.ts';
import { oneLine, shortened } from '../observe/evidence.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import type { SymbolNode } from '../rules/symbol.ts';
import type { NativeFeature, NativeReading, NativeUnknown } from './reading.ts';
import { WasmArguments } from './wasm-arguments.ts';
import { symbolsOfWasm } from './wasm-names.ts';

const MAX_EVIDENCE = 120;

/** Constants kept before a call: no import that rules speak of takes more. */
const MAX_OPERANDS = 12;

/**
 * All that a WebAssembly module says of itself: calls of WASI and of imports
 * that JavaScript gives. Constants are believed as arguments only where nothing
 * but constants stands between them and the call.
 */
export function observeWasm(bytes: Uint8Array, rules: Rules): NativeReading {
  const module = readWasm(bytes);
  const observer = new WasmObserver(module, rules);
  module.bodies.forEach((body, index) => {
    observer.observe(body, module.importedFunctions + index);
  });
  return observer.reading();
}

class WasmObserver {
  readonly #module: WasmModule;
  readonly #rules: Rules;
  readonly #targets: readonly (WasmTarget | undefined)[];
  readonly #features: NativeFeature[] = [];
  readonly #unknowns: NativeUnknown[];
  readonly #exported: ReadonlyMap<number, string>;
  /** The last constants, in a ring. */
  readonly #operands = new Float64Array(MAX_OPERANDS);
  #codeBytes = 0;
  #sites = 0;

  constructor(module: WasmModule, rules: Rules) {
    this.#module = module;
    this.#rules = rules;
    this.#targets = targetsOf(module, rules);
    this.#unknowns = module.unread.map(({ what, code, message }) => ({
      feature: 'opaque.unanalysed',
      place: { kind: 'all' },
      why: { code, message: `${what}: ${message}` },
    }));
    const functions = module.exports.filter(({ kind }) => kind === 'function');
    this.#exported = new Map(functions.map(({ index, name }) => [index, name]));
  }

  reading(): NativeReading {
    return {
      features: this.#features,
      unknowns: this.#unknowns,
      exports: [],
      flows: [],
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
          if (called >= importedFunctions) return;
          const known = at === next ? Math.min(count, MAX_OPERANDS) : 0;
          const last = Array.from(
            { length: known },
            (_, index) => operands[(count - known + index) % MAX_OPERANDS]!,
          );
          this.#call(func, at, called, last);
        },
        indirect: () => {},
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
    const arity = this.#module.parameters[this.#module.functionTypes[called] ?? -1];
    const source = new WasmArguments(this.#module, operands, arity);
    for (const { feature, rule, recipient } of matchesOf(this.#rules, target.node.call, source)) {
      this.#features.push({
        feature,
        place: { kind: 'wasm', func, address: `0x${at.toString(16)}` },
        evidence: shortened(oneLine(`call ${target.name}${source.shown()}`), MAX_EVIDENCE),
        ...(recipient === undefined ? {} : { recipient }),
        when: this.#module.start === func ? 'load' : 'call',
        rule,
        within: [this.#nameOf(func)],
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
