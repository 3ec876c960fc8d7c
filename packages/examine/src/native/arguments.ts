import { type ArgumentValue, type NativeImage, sliceAt, textAt } from '@avow/formats/native';
import type { ArgumentSource } from '../match/arguments.ts';

/** Constants above this are no lengths, flags or ports that a rule could ask for. */
const MAX_CONSTANT = 2 ** 32;

/** Arguments shown of one call. */
const MAX_SHOWN = 6;

/** Characters of one argument in evidence. */
const MAX_SHOWN_TEXT = 60;

/** What rules ask of a call in machine code: texts that arguments point to, and constants. */
export class NativeArguments implements ArgumentSource {
  readonly #image: NativeImage;
  readonly #values: readonly ArgumentValue[];
  readonly #isGo: boolean;

  /** @param isGo Whether a text is an address and the length after it. */
  constructor(image: NativeImage, values: readonly ArgumentValue[], isGo = false) {
    this.#image = image;
    this.#isGo = isGo;
    this.#values = values;
  }

  text(path: string): string | undefined {
    return this.#textOf(Number(path));
  }

  #textOf(index: number): string | undefined {
    const value = this.#values[index];
    if (value === undefined) return undefined;
    if (!this.#isGo || value.kind !== 'address') return valueText(this.#image, value);
    const length = this.#values[index + 1];
    return length?.kind === 'constant'
      ? sliceAt(this.#image, value.value, length.value)
      : undefined;
  }

  /** Lists are in memory, which is not followed. */
  texts(path: string): readonly (string | undefined)[] | undefined {
    const text = this.text(path);
    return text === undefined ? undefined : [text];
  }

  isPresent(path: string): boolean | undefined {
    const value = this.#values[Number(path)];
    if (value === undefined || value.kind === 'unknown') return undefined;
    return value.kind === 'address' || value.value !== 0;
  }

  /** `("HOME", 0x2)`: known arguments, `…` for those between; nothing where none is known. */
  shown(): string {
    let last = -1;
    const texts = this.#values.slice(0, MAX_SHOWN).map((value, index) => {
      const text = this.#textOf(index);
      if (text === undefined) return '…';
      const isText = value.kind === 'address' || !/^-?\d+$/.test(text);
      if (isText) last = index;
      return isText ? JSON.stringify(text.slice(0, MAX_SHOWN_TEXT)) : text;
    });
    return last < 0 ? '' : `(${texts.slice(0, last + 1).join(', ')})`;
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

/** Code that is not position-independent holds addresses as constants. */
function absoluteText(image: NativeImage, value: number): string | undefined {
  const base = Number(image.base);
  const mayBeAbsolute = base > 0 && (image.architecture === 'x86' || image.format === 'elf');
  return mayBeAbsolute && value >= base ? textAt(image, value - base) : undefined;
}
