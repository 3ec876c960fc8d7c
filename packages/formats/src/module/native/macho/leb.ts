import { type Cursor, Refused } from '@avow/bytes';

/** Reads LEB128 and bytes one after another; for the opcode streams of dyld. */
export class Stream {
  readonly #file: Cursor;
  readonly end: number;
  at: number;

  constructor(file: Cursor, at: number, size: number) {
    file.need(at, size);
    this.#file = file;
    this.at = at;
    this.end = at + size;
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    if (this.at >= this.end) throw new Refused('macho.truncated', this.at, 'the opcodes end early');
    this.at += 1;
    return this.#file.u8(this.at - 1);
  }

  /** Unsigned, as far as a step: those that go back are written as what overflows 64 bits. */
  step(): number {
    let value = 0n;
    for (let count = 0n; count < 10n; count += 1n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << (count * 7n);
      if ((byte & 0x80) === 0) return Number(BigInt.asIntN(64, value));
    }
    throw new Refused('macho.leb', this.at, 'a number of more than ten bytes');
  }

  /** Unsigned; digits above 2^53 are lost, and no offset reaches there. */
  uleb(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if ((byte & 0x80) === 0) return value;
      scale *= 128;
    }
    throw new Refused('macho.leb', this.at, 'a number of more than ten bytes');
  }

  /** Signed. */
  sleb(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if ((byte & 0x80) === 0) return (byte & 0x40) !== 0 ? value - scale : value;
    }
    throw new Refused('macho.leb', this.at, 'a number of more than ten bytes');
  }

  /** A zero-terminated Latin-1 text. */
  text(): string {
    let text = '';
    for (let byte = this.byte(); byte !== 0; byte = this.byte()) text += String.fromCharCode(byte);
    return text;
  }
}
