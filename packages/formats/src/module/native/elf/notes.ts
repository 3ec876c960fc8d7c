import type { ElfReader } from './header.ts';

const GNU = 0x00554e47;
const NT_GNU_BUILD_ID = 3;

/** The GNU build id in lower-case hex, of the notes in a piece of the file; undefined where none is. */
export function buildIdIn(read: ElfReader, at: number, size: number): string | undefined {
  let offset = at;
  const end = Math.min(read.file.length, at + size);
  while (offset + 12 <= end) {
    const nameSize = read.u32(offset);
    const dataSize = read.u32(offset + 4);
    const dataAt = offset + 12 + ((nameSize + 3) & ~3);
    const next = dataAt + ((dataSize + 3) & ~3);
    if (next <= offset || dataAt + dataSize > end) return undefined;
    const isGnu = nameSize === 4 && read.file.u32(offset + 12) === GNU;
    if (isGnu && read.u32(offset + 8) === NT_GNU_BUILD_ID) {
      return Array.from(read.file.piece(dataAt, dataSize), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('');
    }
    offset = next;
  }
  return undefined;
}
