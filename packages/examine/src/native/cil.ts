import { type Refused, why } from '@avow/bytes';
import {
  type CilAssembly,
  type CilMethod,
  type CilTarget,
  readAssembly,
  walkCil,
} from '@avow/formats/cil';
import type { ArgumentSource } from '../match/arguments.ts';
import { matchesOf } from '../match/match.ts';
import { oneLine, shortened } from '../observe/evidence.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import type { SymbolNode } from '../rules/symbol.ts';
import { symbolsOfCil } from './names.ts';
import type { NativeFeature, NativeReading, NativeUnknown } from './reading.ts';

const MAX_EVIDENCE = 120;

/** Values kept before a call: no method that rules speak of takes more. */
const MAX_OPERANDS = 12;

const MAX_SHOWN_TEXT = 60;

/** What CIL says, and whether the file holds no other code. */
export interface ObservedCil {
  readonly isPure: boolean;
  readonly reading: NativeReading;
}

/**
 * Calls of .NET's libraries and of machine code (P/Invoke) by the methods of an
 * assembly, at their tokens and offsets; undefined for a file without CIL. Texts
 * and numbers are believed as arguments where they stand right before the call.
 */
export function observeCil(bytes: Uint8Array, rules: Rules): ObservedCil | undefined {
  let assembly: CilAssembly | undefined;
  try {
    assembly = readAssembly(bytes);
  } catch (error) {
    const unknown: NativeUnknown = {
      feature: 'opaque.unanalysed',
      place: { kind: 'all' },
      why: why(error as Refused),
    };
    return { isPure: false, reading: { ...NOTHING, unknowns: [unknown] } };
  }
  if (assembly === undefined) return undefined;
  const observer = new CilObserver(bytes, assembly, rules);
  for (const method of assembly.methods.values()) observer.observe(method);
  return { isPure: assembly.isPure, reading: observer.reading() };
}

const NOTHING: NativeReading = {
  features: [],
  unknowns: [],
  exports: [],
  flows: [],
  summary: { functions: 0, sites: 0, codeBytes: 0 },
};

interface Target {
  readonly name: string;
  readonly arity: number;
  readonly node: SymbolNode;
}

class CilObserver {
  readonly #bytes: Uint8Array;
  readonly #assembly: CilAssembly;
  readonly #rules: Rules;
  readonly #targets = new Map<number, Target | undefined>();
  readonly #features: NativeFeature[] = [];
  #sites = 0;
  #codeBytes = 0;

  constructor(bytes: Uint8Array, assembly: CilAssembly, rules: Rules) {
    this.#bytes = bytes;
    this.#assembly = assembly;
    this.#rules = rules;
  }

  reading(): NativeReading {
    const { size } = this.#assembly.methods;
    const summary = { functions: size, sites: this.#sites, codeBytes: this.#codeBytes };
    return { ...NOTHING, features: this.#features, summary };
  }

  observe(method: CilMethod): void {
    const { names } = this.#assembly;
    const end = method.codeAt + method.codeSize;
    this.#codeBytes += method.codeSize;
    let operands: (string | undefined)[] = [];
    const push = (value: string | undefined): void => {
      if (operands.length === MAX_OPERANDS) operands.shift();
      operands.push(value);
    };
    walkCil(this.#bytes, method.codeAt, end, {
      call: (at, token) => {
        this.#call(method, at, token, operands);
        operands = [];
        push(undefined);
      },
      text: (_, token) => push(names.userText(token)),
      constant: (_, value) => push(`${value}`),
      other: () => push(undefined),
    });
  }

  #call(
    method: CilMethod,
    at: number,
    token: number,
    operands: readonly (string | undefined)[],
  ): void {
    this.#sites += 1;
    if (!this.#targets.has(token)) this.#targets.set(token, this.#targetOf(token));
    const target = this.#targets.get(token);
    if (target === undefined) return;
    const given = target.arity === 0 ? [] : operands.slice(-target.arity);
    const source = new CilArguments(given);
    for (const { feature, rule, recipient } of matchesOf(this.#rules, target.node.call, source)) {
      const place = {
        kind: 'il',
        func: method.token,
        address: `0x${(at - method.codeAt).toString(16)}`,
      } as const;
      this.#features.push({
        feature,
        place,
        evidence: shortened(oneLine(`call ${target.name}${source.shown()}`), MAX_EVIDENCE),
        ...(recipient === undefined ? {} : { recipient }),
        when: method.name === '.cctor' ? 'load' : 'call',
        rule,
        within: [this.#nameOf(method)],
      });
    }
  }

  #targetOf(token: number): Target | undefined {
    const target = this.#assembly.names.target(token);
    if (target === undefined) return undefined;
    for (const symbol of symbolsOfCil(target)) {
      const node = moduleSymbol(this.#rules, symbol);
      if (node === undefined || node.call.length === 0) continue;
      return { name: shownName(target), arity: target.parameters, node };
    }
    return undefined;
  }

  #nameOf({ token, name }: CilMethod): string {
    const target = this.#assembly.names.target(token);
    return target === undefined ? name : shownName(target);
  }
}

function shownName({ type, name, from, isNative }: CilTarget): string {
  if (isNative) return `${from}!${name}`;
  return type === '' ? name : `${type}.${name.replace(/^\./, '')}`;
}

class CilArguments implements ArgumentSource {
  readonly #values: readonly (string | undefined)[];

  constructor(values: readonly (string | undefined)[]) {
    this.#values = values;
  }

  text(path: string): string | undefined {
    return this.#values[Number(path)];
  }

  texts(path: string): readonly (string | undefined)[] | undefined {
    const text = this.text(path);
    return text === undefined ? undefined : [text];
  }

  isPresent(path: string): boolean | undefined {
    const text = this.text(path);
    return text === undefined ? undefined : text !== '0';
  }

  shown(): string {
    if (this.#values.every((value) => value === undefined)) return '';
    const shown = this.#values.map((value) => {
      if (value === undefined) return '…';
      return /^-?\d+$/.test(value) ? value : JSON.stringify(value.slice(0, MAX_SHOWN_TEXT));
    });
    return `(${shown.join(', ')})`;
  }
}
