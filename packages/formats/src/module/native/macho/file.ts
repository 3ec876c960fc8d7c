import { Cursor, Refused } from '@avow/bytes';
import { type MappedRange, offsetOf, type Section } from '../image.ts';
import { nameAt } from '../text.ts';
import { LC, type LoadCommand, type MachoHeader, readMachoHeader } from './header.ts';

export interface Segment extends MappedRange {
  readonly name: string;
}

/** A Mach-O slice with its header and segments read: what each table's reader is given. */
export class MachoFile {
  readonly cursor: Cursor;
  readonly header: MachoHeader;
  readonly base: bigint;
  readonly segments: readonly Segment[];
  readonly ranges: readonly MappedRange[];
  readonly sections: readonly Section[];
  readonly libraries: readonly string[];

  constructor(bytes: Uint8Array) {
    this.cursor = new Cursor(bytes, 'macho');
    this.header = readMachoHeader(bytes);
    const commands = this.header.commands.filter(
      ({ type }) => type === LC.segment || type === LC.segment64,
    );
    const text = commands.find(({ at }) => this.name16(at + 8) === '__TEXT') ?? commands[0];
    this.base = text === undefined ? 0n : this.address(text.at + 24);
    this.segments = commands.map((command) => this.#segment(command));
    this.sections = commands.flatMap((command) => this.#sections(command));
    this.ranges = this.segments
      .filter((segment) => segment.size > 0 && segment.rva >= 0)
      .sort((a, b) => a.rva - b.rva);
    this.libraries = this.header.commands.flatMap(({ type, at, size }) =>
      DYLIB_COMMANDS.has(type) ? [nameAt(bytes, at + this.u32(at + 8), at + size)] : [],
    );
  }

  u32(offset: number): number {
    return this.cursor.u32(offset, this.header.littleEndian);
  }

  address(offset: number): bigint {
    return this.header.bits === 64
      ? this.cursor.u64(offset, this.header.littleEndian)
      : BigInt(this.u32(offset));
  }

  /** A fixed name of 16 bytes, padded with zeros. */
  name16(offset: number): string {
    let text = '';
    for (const byte of this.cursor.piece(offset, 16)) {
      if (byte === 0) break;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** File offset of an RVA. Refuses `macho.address` where the file has no bytes for it. */
  offset(rva: number): number {
    const offset = offsetOf(this, rva);
    if (offset === undefined) {
      throw new Refused('macho.address', undefined, `0x${rva.toString(16)} is not in the file`);
    }
    return offset;
  }

  /** Refuses `macho.segment` for a segment that is not there. */
  segmentRva(index: number): number {
    const segment = this.segments[index];
    if (segment === undefined) throw new Refused('macho.segment', undefined, `segment ${index}`);
    return segment.rva;
  }

  /** The library of an ordinal; undefined for self, the main executable and flat lookup. */
  library(ordinal: number): string | undefined {
    return ordinal > 0 ? this.libraries[ordinal - 1] : undefined;
  }

  #rva(va: bigint): number {
    const rva = va - this.base;
    return rva >= -BigInt(Number.MAX_SAFE_INTEGER) && rva <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(rva)
      : -1;
  }

  #segment({ at }: LoadCommand): Segment {
    const wide = this.header.bits === 64;
    const number = (offset: number): number => Number(this.address(offset));
    const step = wide ? 8 : 4;
    const offset = number(at + 24 + 2 * step);
    const size = number(at + 24 + step);
    const protection = this.u32(at + 24 + 4 * step + 4);
    return {
      name: this.name16(at + 8),
      rva: this.#rva(this.address(at + 24)),
      size,
      offset,
      fileSize: Math.max(
        0,
        Math.min(number(at + 24 + 3 * step), size, this.cursor.length - offset),
      ),
      executable: (protection & 4) !== 0,
      writable: (protection & 2) !== 0,
    };
  }

  #sections({ at, size, type }: LoadCommand): Section[] {
    const wide = type === LC.segment64;
    const first = at + (wide ? 72 : 56);
    const step = wide ? 80 : 68;
    const count = Math.min(this.u32(first - 8), Math.floor((size - (first - at)) / step));
    return Array.from({ length: Math.max(0, count) }, (_, index) => {
      const row = first + index * step;
      const numbers = row + 32;
      const width = wide ? 8 : 4;
      const fileOffset = this.u32(numbers + 2 * width);
      const flags = this.u32(numbers + 2 * width + 16);
      const kind = flags & 0xff;
      const isZeroFilled = kind === 1 || kind === 12 || kind === 18;
      return {
        name: `${this.name16(row + 16)},${this.name16(row)}`,
        rva: this.#rva(this.address(numbers)),
        size: Number(this.address(numbers + width)),
        offset: isZeroFilled ? undefined : fileOffset,
        executable: (flags & 0x80000400) !== 0,
        writable: false,
      };
    });
  }
}

const DYLIB_COMMANDS: ReadonlySet<number> = new Set([
  LC.loadDylib,
  LC.loadWeakDylib,
  LC.reexportDylib,
  LC.lazyLoadDylib,
  LC.loadUpwardDylib,
]);
