import {
  functionAt,
  indexAt,
  type MappedRange,
  type NativeCode,
  type NativeImage,
  offsetOf,
  ReferenceKind,
  SymbolFlag,
  visitReferences,
} from '@avow/formats/native';

/** Bytes of an image beyond which nobody waits for the answer: it is not known. */
const MAX_IMAGE = 128 << 20;

/** Tables that name every function, or most, whether anything comes to it or not. */
const LISTS_ALL =
  /^(?:\.eh_frame|\.eh_frame_hdr|\.pdata|(?:.*,)?__eh_frame|(?:.*,)?__unwind_info)$/;

/** Go and its like keep tables of every function that reflection calls from. */
const OWN_TABLES = /gopclntab|\.go\.buildinfo|__go_buildinfo/;

/**
 * Who refers to whom inside an image of machine code, read so that it errs to
 * the safe side: whatever may be a reference counts as one. Functions come to
 * be reached by export, by the loader, by a pointer or anything like one in
 * data, by code of no known function; what is left, and is referred to only by
 * what is left, nothing comes to, also no indirect call: nowhere is there an
 * address to call.
 */
export class NativeReach {
  readonly #image: NativeImage;
  readonly #code: NativeCode;
  readonly #first: number;
  /** By RVA from `#first`: whether a function starts there. */
  readonly #starts: Uint8Array;
  /** Functions that something other than a function refers to. */
  readonly #roots = new Set<number>();
  /** By function: those that refer to it. */
  readonly #referrers = new Map<number, Set<number>>();

  /** Undefined for what is not wholly read, and for languages that list all functions. */
  static of(image: NativeImage, code: NativeCode): NativeReach | undefined {
    const isRead = code.sweptBytes > 0 && image.unread.length === 0 && image.littleEndian;
    const hasTables = image.sections.some(({ name }) => OWN_TABLES.test(name));
    const { count, start } = code.functions;
    const span = count === 0 ? 0 : start[count - 1]! - start[0]! + 1;
    const isSmall = image.bytes.length <= MAX_IMAGE && span <= MAX_IMAGE;
    return isRead && !hasTables && isSmall && count > 0 ? new NativeReach(image, code) : undefined;
  }

  private constructor(image: NativeImage, code: NativeCode) {
    this.#image = image;
    this.#code = code;
    const { count, start } = code.functions;
    this.#first = start[0]!;
    this.#starts = new Uint8Array(start[count - 1]! - this.#first + 1);
    for (let index = 0; index < count; index++) this.#starts[start[index]! - this.#first] = 1;
    this.#addEntries();
    for (const range of image.ranges) {
      const end = Math.min(range.offset + range.fileSize, image.bytes.length);
      const toRva = range.rva - range.offset;
      if (range.executable) this.#addJumps(range.offset, end, toRva);
      // Constants stand between code as well; what only names symbols refers to nothing.
      if (!isForTools(image, range)) this.#addData(range.offset, end, toRva);
    }
    for (let index = 0; index < count; index++) this.#addCode(index);
    // A table may tell one function in parts, and code may run on into the next.
    for (let index = 1; index < count; index++) {
      const end = code.functions.end[index - 1]!;
      if (end >= start[index]!) this.#add(end - 1, start[index]!);
    }
  }

  /** Whether nothing comes to a function: it, and all that refers to it, is referred to from nowhere else. */
  isUnreached(index: number): boolean {
    const seen = new Set([index]);
    for (const one of seen) {
      if (this.#roots.has(one)) return false;
      for (const referrer of this.#referrers.get(one) ?? []) seen.add(referrer);
    }
    return true;
  }

  #addEntries(): void {
    const { entryPoints, symbols, imports } = this.#image;
    for (const { rva } of entryPoints) this.#addRoot(rva);
    for (const { own } of imports) if (own !== undefined) this.#addRoot(own);
    for (let index = 0; index < symbols.count; index++) {
      if ((symbols.flags[index]! & SymbolFlag.exported) !== 0) this.#addRoot(symbols.rva[index]!);
    }
  }

  #addRoot(rva: number): void {
    const index = functionAt(this.#code.functions, rva);
    if (index >= 0) this.#roots.add(index);
  }

  /** A reference from code at `from` to the function that holds `to`. */
  #add(from: number, to: number): void {
    const { functions } = this.#code;
    const target = functionAt(functions, to);
    if (target < 0) return;
    const source = functionAt(functions, from);
    if (source === target) return;
    if (source < 0) {
      this.#roots.add(target);
      return;
    }
    const known = this.#referrers.get(target);
    if (known === undefined) this.#referrers.set(target, new Set([source]));
    else known.add(source);
  }

  #isStart(rva: number): boolean {
    return this.#starts[rva - this.#first] === 1;
  }

  /** Addresses that instructions name, as decoded; a constant may be an address where the file has a base. */
  #addCode(index: number): void {
    const { functions } = this.#code;
    const base = Number(this.#image.base);
    const start = functions.start[index]!;
    visitReferences(this.#image, start, functions.end[index]!, (rva, kind, to) => {
      if (kind !== ReferenceKind.constant) this.#add(rva, to);
      else if (base > 0 && this.#isStart(to - base)) this.#add(rva, to - base);
    });
  }

  /**
   * Anything in code that could be a distance to a function's start, at any
   * byte and decoded or not: calls, jumps with and without a condition,
   * addresses. A number that is none but looks like it does no harm.
   */
  #addJumps(start: number, end: number, toRva: number): void {
    const { bytes, architecture } = this.#image;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (architecture === 'aarch64') {
      for (let at = (start + 3) & ~3; at + 4 <= end; at += 4) {
        this.#addWord(at + toRva, view.getUint32(at, true));
      }
      return;
    }
    for (let at = start; at + 4 <= end; at++) {
      const rva = at + toRva;
      const distance = view.getInt32(at, true);
      const to = rva + 4 + distance;
      // Padding ends in zeros; what runs on into the next function is found by their ends.
      if (distance !== 0 && this.#isStart(to)) this.#add(rva, to);
      const near = rva + 1 + view.getInt8(at);
      // One before it is the opcode of a short jump, which is of the same function.
      if (at > start && isShortJump(bytes[at - 1]!) && this.#isStart(near))
        this.#add(rva - 1, near);
    }
  }

  /** Branches with a condition, and addresses near by, which the visitor of references leaves out (Arm ARM, C4.1). */
  #addWord(rva: number, word: number): void {
    const top = word >>> 24;
    const isBranch19 = top === 0x54 || (top & 0x7e) === 0x34;
    const isBranch14 = (top & 0x7e) === 0x36;
    if (isBranch19) this.#add(rva, rva + (((word << 8) >> 13) << 2));
    if (isBranch14) this.#add(rva, rva + (((word << 13) >> 18) << 2));
    // The low part of an address that a page before it completes, whatever register it is in.
    if ((word & 0x7fc00000) === 0x11000000) this.#addLow((word >>> 10) & 0xfff, rva);
  }

  /** Functions that start at an offset within a page, by that offset; made when it is asked for. */
  #byLow: Map<number, number[]> | undefined;

  #addLow(low: number, rva: number): void {
    if (this.#byLow === undefined) {
      this.#byLow = new Map();
      const { count, start } = this.#code.functions;
      for (let index = 0; index < count; index++) {
        const key = start[index]! & 0xfff;
        const known = this.#byLow.get(key);
        if (known === undefined) this.#byLow.set(key, [start[index]!]);
        else known.push(start[index]!);
      }
    }
    const near = this.#byLow.get(low);
    if (near === undefined) return;
    const pages = this.#pagesBefore(rva);
    for (const start of near) if (pages.has(start - low)) this.#add(rva, start);
  }

  #pagesOf: { readonly index: number; readonly pages: ReadonlySet<number> } | undefined;

  /** Pages that the function around an instruction computes (ADRP). */
  #pagesBefore(rva: number): ReadonlySet<number> {
    const { functions } = this.#code;
    const index = indexAt(functions, rva);
    if (this.#pagesOf?.index === index) return this.#pagesOf.pages;
    const { bytes } = this.#image;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const pages = new Set<number>();
    const [start, end] = index < 0 ? [rva, rva] : [functions.start[index]!, functions.end[index]!];
    for (let at = start; at + 4 <= end; at += 4) {
      const offset = offsetOf(this.#image, at);
      if (offset === undefined || offset + 4 > bytes.length) break;
      const word = view.getUint32(offset, true);
      if (((word >>> 24) & 0x9f) !== 0x90) continue;
      const distance = ((((word << 8) >> 13) << 2) | ((word >>> 29) & 3)) * 4096;
      pages.add(at - (at & 0xfff) + distance);
    }
    this.#pagesOf = { index, pages };
    return pages;
  }

  /** Pointers, as a loader makes them or as they stand, and numbers of 32 bits that count from the image or from themselves. */
  #addData(start: number, end: number, toRva: number): void {
    const { bytes, pointerAt, sections } = this.#image;
    const base = Number(this.#image.base);
    const left = sections.filter(
      ({ name, offset }) => offset !== undefined && LISTS_ALL.test(name),
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Windows packs the tables of its exceptions: an RVA may stand at any byte.
    const step = this.#image.format === 'pe' ? 1 : 4;
    for (let at = (start + 3) & ~3; at + 4 <= end; at += step) {
      const rva = at + toRva;
      const list = left.find((one) => rva >= one.rva && rva < one.rva + one.size);
      if (list !== undefined) {
        at = Math.max(at, ((list.rva + list.size - toRva + 3) & ~3) - step);
        continue;
      }
      const pointed = (at & 3) === 0 ? pointerAt(rva) : undefined;
      if (pointed !== undefined) this.#addRoot(pointed);
      const value = view.getUint32(at, true);
      if (value === 0) continue;
      for (const to of [value, rva + (value | 0), value - base]) {
        if (this.#isStart(to)) this.#addRoot(to);
      }
    }
  }
}

/** Mach-O's __LINKEDIT: symbols and the like, no section, which code does not read. */
function isForTools({ format, sections }: NativeImage, range: MappedRange): boolean {
  if (format !== 'macho' || range.executable || range.writable) return false;
  return !sections.some(({ rva }) => rva >= range.rva && rva < range.rva + range.size);
}

/** JMP, Jcc, JCXZ and LOOP with a distance of one byte. */
function isShortJump(opcode: number): boolean {
  return (
    opcode === 0xeb || (opcode >= 0x70 && opcode <= 0x7f) || (opcode >= 0xe0 && opcode <= 0xe3)
  );
}
