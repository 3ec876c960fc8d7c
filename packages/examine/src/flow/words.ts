/** Before a text that is looked for: as the name of what is called, or may be constructed. No source has it. */
export const CALLED = '\u0000';

const WORD_BYTES = wordBytes();

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * The words of a text (runs of letters, digits, `_`, `$` and anything beyond
 * ASCII) as one bit for each hash: says of a word that it may be there, or
 * that it surely is not. An eighth of the text's size at most.
 */
export class Words {
  readonly #bits: Uint8Array;
  readonly #mask: number;

  constructor(text: Uint8Array) {
    const size = 2 ** Math.max(6, Math.ceil(Math.log2(Math.max(1, text.length))));
    this.#bits = new Uint8Array(size / 8);
    this.#mask = size - 1;
    let hash = OFFSET;
    let isInside = false;
    for (let at = 0; at < text.length; at += 1) {
      const byte = text[at]!;
      if (WORD_BYTES[byte] === 1) {
        hash = Math.imul(hash ^ byte, PRIME);
        isInside = true;
      } else if (isInside) {
        this.#set(hash);
        hash = OFFSET;
        isInside = false;
      }
    }
    if (isInside) this.#set(hash);
  }

  mayHold(word: string): boolean {
    let hash = OFFSET;
    for (let at = 0; at < word.length; at += 1) {
      const unit = word.charCodeAt(at);
      // Other encodings and escapes are not looked into: it may be there.
      if (unit > 0x7f || WORD_BYTES[unit] !== 1) return true;
      hash = Math.imul(hash ^ unit, PRIME);
    }
    const bit = hash & this.#mask;
    return (this.#bits[bit >>> 3]! & (1 << (bit & 7))) !== 0;
  }

  #set(hash: number): void {
    const bit = hash & this.#mask;
    this.#bits[bit >>> 3]! |= 1 << (bit & 7);
  }
}

function wordBytes(): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0x80);
  for (const unit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$') {
    table[unit.charCodeAt(0)] = 1;
  }
  return table;
}
