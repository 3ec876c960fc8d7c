import { Cursor, Refused, why } from '@avow/bytes';
import { type NativeImage, rvaOfVa, type Section, type Unread } from './image.ts';
import { SymbolColumns, SymbolFlag } from './symbols.ts';
import { nameAt } from './text.ts';

/** `runtime.pcHeader`'s magic since Go 1.20, and of 1.18 and 1.19. */
const MAGICS: ReadonlySet<number> = new Set([0xfffffff1, 0xfffffff0]);

/** More functions than any program has; beyond it the count is an attack on memory. */
const MAX_FUNCTIONS = 4_000_000;

/**
 * The image with the names of Go's own function table, which stays in stripped
 * files (Go source, src/internal/abi/symtab.go and src/runtime/symtab.go, 1.18
 * to 1.24). An image that names its functions anyway, or is not of Go, is
 * given back as it is; a broken table is listed in `unread`.
 */
export function withGoNames(image: NativeImage): NativeImage {
  const at = goTableAt(image);
  if (at === undefined) return image;
  try {
    return named(image, at);
  } catch (error) {
    const { code, message } = why(error);
    const unread: Unread = { what: 'Go functions', code, message, offset: at };
    return { ...image, unread: [...image.unread, unread] };
  }
}

/** File offset of the table: a section of its own, or, in PE, the header among read-only data. */
function goTableAt(image: NativeImage): number | undefined {
  const own = image.sections.find(({ name }) => /gopclntab$/.test(name));
  if (own?.offset !== undefined) return own.offset;
  if (image.format !== 'pe') return undefined;
  for (const section of image.sections) {
    const at = section.executable ? undefined : headerIn(image.bytes, section);
    if (at !== undefined) return at;
  }
  return undefined;
}

function headerIn(bytes: Uint8Array, { offset, size }: Section): number | undefined {
  if (offset === undefined) return undefined;
  const end = Math.min(bytes.length, offset + size) - 8;
  for (const first of [0xf1, 0xf0]) {
    for (
      let at = bytes.indexOf(first, offset);
      at >= 0 && at < end;
      at = bytes.indexOf(first, at + 1)
    ) {
      if (isHeader(bytes, at)) return at;
    }
  }
  return undefined;
}

/** Magic, two zeros, the least instruction's size, the size of a pointer. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  const isMagic = bytes[at + 1] === 0xff && bytes[at + 2] === 0xff && bytes[at + 3] === 0xff;
  const step = bytes[at + 6]!;
  const pointer = bytes[at + 7]!;
  return (
    isMagic &&
    bytes[at + 4] === 0 &&
    bytes[at + 5] === 0 &&
    (step === 1 || step === 2 || step === 4) &&
    (pointer === 4 || pointer === 8) &&
    at % 4 === 0
  );
}

/** Refuses `go.version` for a table of another version, `go.functions` for a count beyond the file. */
function named(image: NativeImage, at: number): NativeImage {
  const file = new Cursor(image.bytes, 'go');
  const little = image.littleEndian;
  const magic = file.u32(at, little);
  if (!MAGICS.has(magic)) throw new Refused('go.version', at, `magic 0x${magic.toString(16)}`);
  const size = file.u8(at + 7);
  const word = (index: number): number =>
    size === 8 ? file.size64(at + 8 + index * 8, little) : file.u32(at + 8 + index * 4, little);
  const count = word(0);
  const namesAt = at + word(3);
  const tableAt = at + word(7);
  if (count > MAX_FUNCTIONS || tableAt + count * 8 > file.length) {
    throw new Refused('go.functions', at, `${count} functions`);
  }
  if (image.symbols.count > count / 2) return image;
  const text = textStart(image, word(2));
  const symbols = new SymbolColumns(image.bytes);
  for (let index = 0; index < count; index += 1) {
    const row = tableAt + index * 8;
    const start = file.u32(row, little);
    const length = index + 1 < count ? file.u32(row + 8, little) - start : 0;
    const name = namesAt + file.u32(tableAt + file.u32(row + 4, little) + 4, little);
    symbols.push(text + start, Math.max(0, length), SymbolFlag.function, name, file.length);
  }
  const known = image.symbols;
  for (let index = 0; index < known.count; index += 1) {
    const name = nameOr(known, index);
    symbols.pushNamed(known.rva[index]!, known.size[index]!, known.flags[index]!, name);
  }
  // One name is read, so that a table that only looks like one is refused here.
  if (count > 0) nameAt(image.bytes, namesAt);
  return { ...image, symbols: symbols.done() };
}

function nameOr(symbols: NativeImage['symbols'], index: number): string {
  try {
    return symbols.nameOf(index);
  } catch {
    return '';
  }
}

/** Position-independent files leave the address to a relocation: code starts where its section does. */
function textStart(image: NativeImage, va: number): number {
  const rva = rvaOfVa(image, BigInt(va));
  if (va !== 0 && rva !== undefined) return rva;
  const code = image.sections.find(({ name }) => /(^|,)[._]+text$/.test(name));
  return code?.rva ?? 0;
}
