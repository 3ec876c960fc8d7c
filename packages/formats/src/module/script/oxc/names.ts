import { latin1Text, utf8Text } from '@avow/bytes';
import { WORDS } from '../kinds.ts';

/** Beyond this many texts or bytes it starts afresh with the next script. */
const MAX_TEXTS = 1 << 18;
const MAX_BYTES = 1 << 26;

/** A chain of this many texts in one place of the table is made on purpose; others go by their text. */
const MAX_PROBES = 32;

/** Texts longer than this are not kept between scripts. */
const MAX_KEPT = 256;

/**
 * Names of scripts by their UTF-8 in a buffer: a text is made once for all
 * the scripts that use it, and each script has a list of only its own.
 */
export class ByteNames {
  /** Names of the current script; starts with `WORDS`. */
  list: string[] = [];
  #texts: string[] = [];
  #hashes = new Int32Array(1 << 12);
  #from = new Int32Array(1 << 12);
  #length = new Int32Array(1 << 12);
  /** Index into `list`, valid when `#script` says so. */
  #local = new Int32Array(1 << 12);
  #scriptOf = new Int32Array(1 << 12);
  /** Open addressing: text plus one, 0 for free. */
  #table = new Int32Array(1 << 13);
  #pool = new Uint8Array(1 << 16);
  #poolLength = 0;
  #byText = new Map<string, number>();
  #script = 0;

  /** Begins the list of another script. */
  begin(): void {
    if (this.#texts.length > MAX_TEXTS || this.#poolLength > MAX_BYTES) this.#forget();
    this.#script += 1;
    this.list = [];
    this.#byText.clear();
    for (const word of WORDS) this.idOfText(word);
  }

  /** The name that stands at `at` in `bytes`, as UTF-8. */
  idOf(bytes: Uint8Array, at: number, length: number): number {
    if (length > MAX_KEPT) return this.#ownId(decoded(bytes, at, length));
    let hash = length;
    for (let index = at; index < at + length; index += 1) {
      hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
    }
    hash ^= hash >>> 15;
    const mask = this.#table.length - 1;
    let place = hash & mask;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const text = this.#table[place]! - 1;
      if (text < 0) return this.#localOf(this.#add(bytes, at, length, hash, place));
      if (this.#hashes[text] === hash && this.#isText(text, bytes, at, length)) {
        return this.#localOf(text);
      }
      place = (place + 1) & mask;
    }
    return this.#ownId(decoded(bytes, at, length));
  }

  /** The same for a text that is nowhere in the buffer; rare. */
  idOfText(text: string): number {
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return this.#ownId(text);
      bytes[at] = unit;
    }
    return this.idOf(bytes, 0, bytes.length);
  }

  #localOf(text: number): number {
    if (this.#scriptOf[text] === this.#script) return this.#local[text]!;
    const id = this.list.length;
    this.#scriptOf[text] = this.#script;
    this.#local[text] = id;
    this.list.push(this.#texts[text]!);
    return id;
  }

  #ownId(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const id = this.list.length;
    this.list.push(text);
    this.#byText.set(text, id);
    return id;
  }

  #isText(text: number, bytes: Uint8Array, at: number, length: number): boolean {
    if (this.#length[text] !== length) return false;
    const from = this.#from[text]!;
    const pool = this.#pool;
    for (let index = 0; index < length; index += 1) {
      if (pool[from + index] !== bytes[at + index]) return false;
    }
    return true;
  }

  #add(bytes: Uint8Array, at: number, length: number, hash: number, place: number): number {
    const text = this.#texts.length;
    if (text === this.#hashes.length) this.#growColumns();
    this.#keep(bytes, at, length);
    this.#texts.push(decoded(bytes, at, length));
    this.#hashes[text] = hash;
    this.#from[text] = this.#poolLength - length;
    this.#length[text] = length;
    this.#scriptOf[text] = 0;
    this.#table[place] = text + 1;
    if (this.#texts.length * 2 > this.#table.length) this.#growTable();
    return text;
  }

  #keep(bytes: Uint8Array, at: number, length: number): void {
    const end = this.#poolLength + length;
    if (end > this.#pool.length) this.#pool = enlarged(this.#pool, new Uint8Array(end * 2));
    for (let index = 0; index < length; index += 1) {
      this.#pool[this.#poolLength + index] = bytes[at + index]!;
    }
    this.#poolLength = end;
  }

  #growColumns(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = enlarged(this.#hashes, new Int32Array(size));
    this.#from = enlarged(this.#from, new Int32Array(size));
    this.#length = enlarged(this.#length, new Int32Array(size));
    this.#local = enlarged(this.#local, new Int32Array(size));
    this.#scriptOf = enlarged(this.#scriptOf, new Int32Array(size));
  }

  #growTable(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let text = 0; text < this.#texts.length; text += 1) {
      let place = this.#hashes[text]! & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = text + 1;
    }
  }

  #forget(): void {
    this.#texts = [];
    this.#table = new Int32Array(1 << 13);
    this.#pool = new Uint8Array(1 << 16);
    this.#poolLength = 0;
  }
}

function decoded(bytes: Uint8Array, at: number, length: number): string {
  const piece = bytes.subarray(at, at + length);
  return utf8Text(piece) ?? latin1Text(piece);
}

function enlarged<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
