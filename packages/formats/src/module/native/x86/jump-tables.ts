import { type MappedRange, type NativeImage, offsetOf } from '../image.ts';

/** Cases of one switch; more is data that looks like them. */
const MAX_CASES = 4096;

/** A case is not further from its table's code than this: the largest functions. */
const MAX_REACH = 1 << 22;

/**
 * Where switches jump to, by their tables in data: distances of 32 bits from
 * the table, whose address code takes (position-independent code), or addresses
 * that an indexed jump reads.
 */
export class JumpTables {
  readonly #image: NativeImage;
  readonly #range: MappedRange;
  readonly #view: DataView;
  readonly #relative = new Set<number>();
  readonly #absolute = new Set<number>();
  /** A bit a byte of the range. */
  readonly #bits: Uint8Array;

  constructor(image: NativeImage, range: MappedRange) {
    this.#image = image;
    this.#range = range;
    const { buffer, byteOffset, byteLength } = image.bytes;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#bits = new Uint8Array((range.fileSize >> 3) + 1);
  }

  /** An address of data that code takes: perhaps a table of distances. */
  addRelative(rva: number): void {
    this.#relative.add(rva);
  }

  addAbsolute(rva: number): void {
    this.#absolute.add(rva);
  }

  /** Reads every table, up to where the next one starts. */
  read(): void {
    for (const rva of this.#relative) {
      this.#table(rva, 4, (offset) => rva + this.#view.getInt32(offset, true));
    }
    const base = this.#image.base;
    const isWide = this.#image.bits === 64;
    for (const rva of this.#absolute) {
      this.#table(rva, isWide ? 8 : 4, (offset) => {
        const va = isWide
          ? this.#view.getBigUint64(offset, true)
          : BigInt(this.#view.getUint32(offset, true));
        return Number(va - base);
      });
    }
  }

  #table(rva: number, width: number, targetAt: (offset: number) => number): void {
    const start = offsetOf(this.#image, rva);
    if (start === undefined) return;
    const targets: number[] = [];
    let first = Number.NaN;
    for (let row = 0; row < MAX_CASES; row += 1) {
      const offset = start + row * width;
      const isNext = row > 0 && this.#isTable(rva + row * width);
      if (isNext || offset + width > this.#view.byteLength) break;
      const target = targetAt(offset) - this.#range.rva;
      if (target < 0 || target >= this.#range.fileSize) break;
      if (row === 0) first = target;
      if (Math.abs(target - first) > MAX_REACH) break;
      targets.push(target);
    }
    if (targets.length < 2) return;
    for (const target of targets) this.#bits[target >> 3]! |= 1 << (target & 7);
  }

  #isTable(rva: number): boolean {
    return this.#relative.has(rva) || this.#absolute.has(rva);
  }

  /** Whether a case starts at this byte of the range. */
  has(within: number): boolean {
    return (this.#bits[within >> 3]! & (1 << (within & 7))) !== 0;
  }
}
