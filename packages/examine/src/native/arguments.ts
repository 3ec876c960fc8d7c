import { type ArgumentValue, type NativeImage, sliceAt, textAt } from '@avow/formats/native';
import type { ArgumentSource } from '../match/arguments.ts';

/** Constants above this are no lengths, flags or ports that a rule could ask for. */
const MAX_CONSTANT = 2 ** 32;

/** Arguments shown of one call. */
const MAX_SHOWN = 6;

/** Characters of one argument in evidence. */
const MAX_SHOWN_TEXT = 60;

/**
 * How a callee takes a text: an address whose text ends in zero, or failing that
 * has its length beside it (`c`); the other way round (`sized`); an address and
 * a length that count as an argument each (`go`); or as one, wherever they
 * stand (`rust`, where the place of a large result shifts all others).
 */
export type Convention = 'c' | 'sized' | 'go' | 'rust';

/** Functions of C that take a text with its length after it. */
const SIZED = new Set(
  `write pwrite send sendto SSL_write SSL_write_ex BIO_write sqlite3_prepare sqlite3_prepare_v2
  sqlite3_prepare_v3 napi_create_string_utf8 napi_create_string_latin1 napi_create_function
  node_api_create_property_key_utf8 napi_define_class napi_fatal_error`.split(/\s+/),
);

/** @param name As people write it, without versions and Apple's underscore. */
export function conventionOf(name: string): Convention {
  return SIZED.has(name) ? 'sized' : 'c';
}

/** What rules ask of a call in machine code: texts that arguments point to, and constants. */
export class NativeArguments implements ArgumentSource {
  readonly #image: NativeImage;
  readonly #values: readonly ArgumentValue[];
  readonly #convention: Convention;
  /** Instead of the values, where texts are what is counted. */
  readonly #texts: readonly string[] | undefined;

  constructor(image: NativeImage, values: readonly ArgumentValue[], convention: Convention = 'c') {
    this.#image = image;
    this.#values = values;
    this.#convention = convention;
    if (convention === 'rust') {
      this.#texts = values
        .map((_, index) => this.#slice(index))
        .filter((text) => text !== undefined);
    }
  }

  text(path: string): string | undefined {
    return this.#textOf(Number(path));
  }

  #textOf(index: number): string | undefined {
    const value = this.#values[index];
    if (value === undefined) return undefined;
    switch (this.#convention) {
      case 'c':
        return valueText(this.#image, value) ?? this.#slice(index);
      case 'sized':
        return this.#slice(index) ?? valueText(this.#image, value);
      case 'go':
        return value.kind === 'address' ? this.#slice(index) : valueText(this.#image, value);
      case 'rust':
        return this.#texts?.[index];
      default:
        return this.#convention satisfies never;
    }
  }

  #slice(index: number): string | undefined {
    const length = this.#values[index + 1];
    const rva = addressOf(this.#image, this.#values[index]!);
    if (rva === undefined || length?.kind !== 'constant') return undefined;
    return sliceAt(this.#image, rva, length.value);
  }

  /** Lists are in memory, which is not followed. */
  texts(path: string): readonly (string | undefined)[] | undefined {
    const text = this.text(path);
    return text === undefined ? undefined : [text];
  }

  isPresent(path: string): boolean | undefined {
    if (this.#texts !== undefined) return this.text(path) === undefined ? undefined : true;
    const value = this.#values[Number(path)];
    if (value === undefined || value.kind === 'unknown') return undefined;
    return value.kind === 'address' || value.value !== 0;
  }

  /** `("HOME", 0x2)`: known arguments, `…` for those between; nothing where none is known. */
  shown(): string {
    let last = -1;
    const shown = this.#values.slice(0, MAX_SHOWN).map((value, index) => {
      const text = this.#textOf(index);
      if (text === undefined) return '…';
      const isText = this.#texts !== undefined || value.kind === 'address' || !/^-?\d+$/.test(text);
      if (isText) last = index;
      return isText ? JSON.stringify(text.slice(0, MAX_SHOWN_TEXT)) : text;
    });
    return last < 0 ? '' : `(${shown.slice(0, last + 1).join(', ')})`;
  }
}

/** A text that the value points to, or the constant in decimal; undefined where neither is known. */
export function valueText(image: NativeImage, { kind, value }: ArgumentValue): string | undefined {
  switch (kind) {
    case 'unknown':
      return undefined;
    case 'address':
      return textAt(image, value);
    case 'constant':
      return (
        absoluteText(image, value) ?? (Math.abs(value) < MAX_CONSTANT ? `${value}` : undefined)
      );
    default:
      return kind satisfies never;
  }
}

function absoluteText(image: NativeImage, value: number): string | undefined {
  const rva = absoluteRva(image, value);
  return rva === undefined ? undefined : textAt(image, rva);
}

function addressOf(image: NativeImage, { kind, value }: ArgumentValue): number | undefined {
  if (kind === 'address') return value;
  return kind === 'constant' ? absoluteRva(image, value) : undefined;
}

/** Code that is not position-independent holds addresses as constants. */
function absoluteRva(image: NativeImage, value: number): number | undefined {
  const base = Number(image.base);
  const mayBeAbsolute = base > 0 && (image.architecture === 'x86' || image.format === 'elf');
  return mayBeAbsolute && value >= base ? value - base : undefined;
}
