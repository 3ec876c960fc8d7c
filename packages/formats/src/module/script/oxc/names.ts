import { latin1Text, utf8Bytes, utf8Text } from '@avow/bytes';
import { WORDS } from '../kinds.ts';

/** Beyond this many texts or bytes it starts afresh with the next script. */
const MAX_TEXTS = 1 << 18;
const MAX_BYTES = 1 << 26;

/** A chain of this many texts in one place of the table is made on purpose; others go by their text. */
const MAX_PROBES = 32;

/** Fields of a record: where the text stands in the pool, and its index in the list of script `SCRIPT`. */
const HASH = 0;
const LENGTH = 1;
const FROM = 2;
const SCRIPT = 3;
const LOCAL = 4;
/** Half a cache line, so that no record lies on two. */
const RECORD = 8;

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
  /** One record a text, side by side, because each look reads all of it. */
  #records = new Int32Array(RECORD << 12);
  /** Open addressing: text plus one, 0 for free. */
  #table = new Int32Array(1 << 13);
  #pool = new DataView(new ArrayBuffer(1 << 16));
  readonly #scratch = new DataView(new ArrayBuffer(MAX_KEPT));
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
  idOf(bytes: DataView, at: number, length: number): number {
    if (length > MAX_KEPT) return this.#ownId(decoded(bytes, at, length));
    const hash = hashOf(bytes, at, length);
    const table = this.#table;
    const records = this.#records;
    const mask = table.length - 1;
    let place = hash & mask;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const text = table[place]! - 1;
      if (text < 0) return this.#localOf(this.#add(bytes, at, length, hash, place));
      const record = text * RECORD;
      if (
        records[record] === hash &&
        records[record + LENGTH] === length &&
        isSame(this.#pool, records[record + FROM]!, bytes, at, length)
      ) {
        if (records[record + SCRIPT] === this.#script) return records[record + LOCAL]!;
        return this.#localOf(text);
      }
      place = (place + 1) & mask;
    }
    return this.#ownId(decoded(bytes, at, length));
  }

  /** The same for a text that is nowhere in the buffer; rare. */
  idOfText(text: string): number {
    if (text.length > MAX_KEPT) return this.#ownId(text);
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return this.#idOfUtf8(text);
      this.#scratch.setUint8(at, unit);
    }
    return this.idOf(this.#scratch, 0, text.length);
  }

  /** A text that UTF-8 cannot hold is only itself. */
  #idOfUtf8(text: string): number {
    if (!text.isWellFormed()) return this.#ownId(text);
    const bytes = utf8Bytes(text);
    return this.idOf(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length);
  }

  #localOf(text: number): number {
    const id = this.list.length;
    this.#records[text * RECORD + SCRIPT] = this.#script;
    this.#records[text * RECORD + LOCAL] = id;
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

  #add(bytes: DataView, at: number, length: number, hash: number, place: number): number {
    const text = this.#texts.length;
    const record = text * RECORD;
    if (record === this.#records.length) this.#growRecords();
    this.#keep(bytes, at, length);
    this.#texts.push(decoded(bytes, at, length));
    this.#records[record + HASH] = hash;
    this.#records[record + LENGTH] = length;
    this.#records[record + FROM] = this.#poolLength - length;
    this.#records[record + SCRIPT] = 0;
    this.#table[place] = text + 1;
    if (this.#texts.length * 2 > this.#table.length) this.#growTable();
    return text;
  }

  #keep(bytes: DataView, at: number, length: number): void {
    const end = this.#poolLength + length;
    if (end > this.#pool.byteLength) {
      const pool = new Uint8Array(end * 2);
      pool.set(new Uint8Array(this.#pool.buffer));
      this.#pool = new DataView(pool.buffer);
    }
    for (let index = 0; index < length; index += 1) {
      this.#pool.setUint8(this.#poolLength + index, bytes.getUint8(at + index));
    }
    this.#poolLength = end;
  }

  #growRecords(): void {
    const records = new Int32Array(this.#records.length * 2);
    records.set(this.#records);
    this.#records = records;
  }

  #growTable(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let text = 0; text < this.#texts.length; text += 1) {
      let place = this.#records[text * RECORD + HASH]! & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = text + 1;
    }
  }

  #forget(): void {
    this.#texts = [];
    this.#table = new Int32Array(1 << 13);
    this.#pool = new DataView(new ArrayBuffer(1 << 16));
    this.#poolLength = 0;
  }
}

/** Four bytes at a time; which texts collide does not matter to what is read, only to its speed. */
function hashOf(bytes: DataView, at: number, length: number): number {
  let hash = length;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at + index, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; index < length; index += 1) {
    hash = Math.imul(hash ^ bytes.getUint8(at + index), 0x01000193);
  }
  return hash ^ (hash >>> 13);
}

function decoded(bytes: DataView, at: number, length: number): string {
  const piece = new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
  return utf8Text(piece) ?? latin1Text(piece);
}

function isSame(
  pool: DataView,
  from: number,
  bytes: DataView,
  at: number,
  length: number,
): boolean {
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    if (pool.getInt32(from + index, true) !== bytes.getInt32(at + index, true)) return false;
  }
  for (; index < length; index += 1) {
    if (pool.getUint8(from + index) !== bytes.getUint8(at + index)) return false;
  }
  return true;
}
