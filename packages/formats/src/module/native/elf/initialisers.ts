import { Refused } from '@avow/bytes';
import { DT, type Dynamic } from './dynamic.ts';
import type { ElfReader } from './header.ts';
import { RELATIVE_TYPES, type Relocations } from './relocations.ts';

/** More initialisers than any program has; beyond it the list is an attack on time. */
const MAX_INITIALISERS = 100_000;

/**
 * Virtual addresses of the functions that the loader calls before the program
 * or when the library is loaded (gABI chapter 5, "Initialization and
 * Termination Functions"), in order. In position-independent files the list is
 * filled by relative relocations, whose addends are read instead.
 *
 * Refuses `elf.init-array` when the list does not lie within the file.
 */
export function initialisersOf(
  read: ElfReader,
  machine: number,
  dynamic: Dynamic,
  offsetOfVa: (va: bigint) => number | undefined,
  relocations: () => Iterable<Relocations>,
): number[] {
  const start = dynamic.tags.get(DT.initArray);
  const size = Number(dynamic.tags.get(DT.initArraySize) ?? 0n);
  if (start === undefined || size === 0) return [];
  const step = read.bits / 8;
  const at = offsetOfVa(start);
  const count = Math.floor(size / step);
  if (at === undefined || at + size > read.file.length || count > MAX_INITIALISERS) {
    throw new Refused('elf.init-array', at, `${count} initialisers at 0x${start.toString(16)}`);
  }
  const values = Array.from({ length: count }, (_, index) =>
    Number(read.address(at + index * step)),
  );
  const first = Number(start);
  for (const table of relocations()) {
    for (let row = 0; row < table.count; row += 1) {
      const slot = (table.address[row]! - first) / step;
      const isRelative = table.type[row] === RELATIVE_TYPES[machine];
      if (isRelative && slot >= 0 && slot < count && table.addend[row] !== 0) {
        values[slot] = table.addend[row]!;
      }
    }
  }
  // 0 and -1 mark entries that are left out.
  return values.filter((value) => value !== 0 && value !== 2 ** (8 * step) - 1);
}
