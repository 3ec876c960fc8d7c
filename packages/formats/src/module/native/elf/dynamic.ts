import type { Cursor } from '@avow/bytes';
import { nameAt } from '../text.ts';
import type { ElfReader, ElfSegment } from './header.ts';

/**
 * The dynamic section: what the loader is told (gABI chapter 5, "Dynamic
 * Section"). Found by the program header, since section headers may be
 * stripped.
 */
export interface Dynamic {
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** First value of each tag, as virtual address or size. */
  readonly tags: ReadonlyMap<number, bigint>;
}

export const DT = {
  needed: 1,
  pltRelSize: 2,
  pltGot: 3,
  hash: 4,
  strTab: 5,
  symTab: 6,
  rela: 7,
  relaSize: 8,
  relaEntry: 9,
  strSize: 10,
  symEntry: 11,
  init: 12,
  fini: 13,
  soname: 14,
  rel: 17,
  relSize: 18,
  pltRel: 20,
  jmpRel: 23,
  initArray: 25,
  finiArray: 26,
  initArraySize: 27,
  finiArraySize: 28,
  relr: 36,
  gnuHash: 0x6ffffef5,
  flags1: 0x6ffffffb,
} as const;

/** More entries than any linker writes; beyond it the table is an attack on time. */
const MAX_ENTRIES = 65_536;

export function readDynamic(
  read: ElfReader,
  segment: ElfSegment,
  offsetOfVa: (va: bigint) => number | undefined,
): Dynamic {
  const step = read.bits === 64 ? 16 : 8;
  const count = Math.min(MAX_ENTRIES, Math.floor(segment.fileSize / step));
  const tags = new Map<number, bigint>();
  const neededAt: bigint[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = segment.offset + index * step;
    const tag = Number(read.address(at));
    if (tag === 0) break;
    const value = read.address(at + step / 2);
    if (tag === DT.needed) neededAt.push(value);
    else if (!tags.has(tag)) tags.set(tag, value);
  }
  const strings = offsetOfVa(tags.get(DT.strTab) ?? -1n);
  const soname = tags.get(DT.soname);
  return {
    needed: neededAt.flatMap((at) => nameIn(read.file, strings, at)),
    soname: soname === undefined ? undefined : nameIn(read.file, strings, soname)[0],
    tags,
  };
}

function nameIn(file: Cursor, strings: number | undefined, at: bigint): string[] {
  return strings === undefined ? [] : [nameAt(file.bytes, strings + Number(at))];
}
