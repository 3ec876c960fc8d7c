import type { ArgumentSource } from '../match/arguments.ts';
import { type Match, matchesOf } from '../match/match.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import { symbolsOfCil, symbolsOfImport, symbolsOfOwn } from './names.ts';
import { systemCallName } from './systems.ts';
import { symbolsOfWasm } from './wasm-names.ts';

/** One use as a module would have it, written by hand: what a rule is tried on. */
export interface NativeUse {
  readonly of: 'elf' | 'pe' | 'macho' | 'wasm' | 'own' | 'linux' | 'il' | 'sel';
  /** Library of an import, architecture of a system call. */
  readonly from: string;
  /** As the import table has it; the number of a system call. */
  readonly name: string;
  /** Undefined for what is not known. */
  readonly arguments: readonly (string | undefined)[];
}

/** The symbols that a use goes by, most specific first. */
export function symbolsOfUse({ of, from, name }: NativeUse): readonly string[] {
  switch (of) {
    case 'elf':
    case 'pe':
    case 'macho':
      return symbolsOfImport(of, name, from);
    case 'sel':
      return [`sel:${name}`];
    case 'il':
      return symbolsOfCil({ type: from, name, from: undefined, isNative: false });
    case 'own':
      return symbolsOfOwn('elf', name);
    case 'wasm':
      return symbolsOfWasm(from, name);
    case 'linux': {
      const call = systemCallName(from, Number(name));
      return call === undefined ? [] : [`sys:linux.${call}`];
    }
    default:
      return of satisfies never;
  }
}

/** What the rules say of a use. */
export function matchUse(use: NativeUse, rules: Rules): Match[] {
  for (const symbol of symbolsOfUse(use)) {
    const node = moduleSymbol(rules, symbol);
    if (node !== undefined && node.call.length > 0) {
      return matchesOf(rules, node.call, new GivenArguments(use.arguments));
    }
  }
  return [];
}

class GivenArguments implements ArgumentSource {
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
}
