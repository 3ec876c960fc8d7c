import type { Instruction, Memory } from './instruction.ts';
import type { ImageMemory } from './memory.ts';

/** Cases of one switch; what has more is no table. */
const MAX_CASES = 1024;

/** How far before the jump its parts are looked for. */
export const LOOK_BACK = 40;

/**
 * Where a jump through a table goes: `jmp [reg*4 + table]`, or a load from a
 * table of distances that is added to its base and jumped to. Empty where no
 * table is seen. `run` ends with the jump.
 */
export function jumpTable(
  run: readonly Instruction[],
  memory: ImageMemory,
  isCode: (rva: number) => boolean,
): readonly number[] {
  const [operand] = run.at(-1)!.operands;
  const before = run.slice(-LOOK_BACK, -1).reverse();
  const most = mostOf(before);
  if (operand?.kind === 'memory') {
    const table = isScaled(operand) ? memory.rvaOf(operand.displacement) : undefined;
    if (table === undefined || operand.base >= 0) return [];
    const { scale } = operand;
    return casesOf(most ?? MAX_CASES, isCode, (index) => memory.pointer(table + index * scale));
  }
  // Nothing tells a distance from what stands after the last: without a guard there is no table.
  if (operand?.kind !== 'register' || most === undefined) return [];
  const table = distancesIn(before);
  if (table === undefined) return [];
  const { at, from } = table;
  return casesOf(most, isCode, (index) => {
    const distance = memory.i32(at + index * 4);
    return distance === undefined ? undefined : from + distance;
  });
}

function isScaled({ index, scale }: Memory): boolean {
  return index >= 0 && (scale === 4 || scale === 8);
}

/** Cases by the comparison that guards the jump: `cmp reg, 5` lets six through, `and reg, 7` eight. */
function mostOf(before: readonly Instruction[]): number | undefined {
  // A table of bytes between the two has its own, longer count.
  if (before.some(({ mnemonic, operands }) => mnemonic === 'movzx' && isByteTable(operands[1]))) {
    return MAX_CASES;
  }
  for (const { mnemonic, operands } of before) {
    const [, second] = operands;
    if (mnemonic !== 'cmp' && mnemonic !== 'and') continue;
    if (second?.kind !== 'immediate' || Number(second.value) >= MAX_CASES) continue;
    return Number(second.value) + 1;
  }
  return undefined;
}

function isByteTable(operand: Instruction['operands'][number] | undefined): boolean {
  if (operand?.kind !== 'memory' || operand.scale !== 1) return false;
  return (operand.base >= 0 || operand.index >= 0) && Math.abs(Number(operand.displacement)) > 4096;
}

/** The table of a load with a scaled index, and what its distances are counted from. */
function distancesIn(
  before: readonly Instruction[],
): { readonly at: number; readonly from: number } | undefined {
  const load = before.findIndex(({ mnemonic, operands }) => {
    const [, second] = operands;
    const isLoad = mnemonic === 'mov' || mnemonic === 'movsxd';
    return isLoad && second?.kind === 'memory' && second.scale === 4 && second.index >= 0;
  });
  const found = before[load]?.operands[1];
  if (found?.kind !== 'memory' || found.base < 0) return undefined;
  for (const { mnemonic, operands } of before.slice(load + 1)) {
    const [to, of] = operands;
    if (mnemonic !== 'lea' || to?.kind !== 'register' || to.general !== found.base) continue;
    if (of?.kind !== 'memory' || of.address === undefined) return undefined;
    return { at: of.address + Number(found.displacement), from: of.address };
  }
  return undefined;
}

function casesOf(
  most: number,
  isCode: (rva: number) => boolean,
  caseAt: (index: number) => number | undefined,
): readonly number[] {
  const cases = new Set<number>();
  for (let index = 0; index < most; index += 1) {
    const rva = caseAt(index);
    if (rva === undefined || !isCode(rva)) break;
    cases.add(rva);
  }
  return [...cases];
}
