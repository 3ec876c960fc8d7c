import type { Block, CodeFunction } from './function.ts';
import { type Instruction, NO_REGISTER } from './instruction.ts';

/** An import's number; -1 where the register holds none. */
type Held = Int32Array;

const REGISTERS = 16;

/** Blocks are gone through this often; what a register holds does not travel further. */
const MAX_ROUNDS = 4;

/** eax, ecx, edx, and r8 to r11: a call may change them. */
const VOLATILE = [0, 1, 2, 8, 9, 10, 11];

/** Instructions that do not write their first operand. */
const READS_FIRST: ReadonlySet<string> = new Set(['cmp', 'test', 'push', 'call', 'jmp', 'bt']);

/**
 * Calls through registers that were loaded with an import's pointer (`mov edi,
 * [Sleep]` … `call edi`), by RVA of the call. Where ways meet, an import that
 * any of them brings is believed: a register that calls has one meaning.
 *
 * @param slotAt Number of the import whose pointer stands at an RVA, or -1.
 */
export function callsByRegister(
  { blocks }: CodeFunction,
  slotAt: (rva: number) => number,
): ReadonlyMap<number, number> {
  const calls = new Map<number, number>();
  const isAny = (is: (one: Instruction) => boolean): boolean =>
    blocks.some(({ instructions }) => instructions.some(is));
  const isLoad = ({ mnemonic, operands: [, from] }: Instruction): boolean =>
    mnemonic === 'mov' &&
    from?.kind === 'memory' &&
    from.address !== undefined &&
    slotAt(from.address) >= 0;
  if (!isAny(isRegisterCall) || !isAny(isLoad)) return calls;
  const entered = new Map<number, Held>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    let isChanged = false;
    for (const block of blocks) {
      const held = entered.get(block.start)?.slice() ?? new Int32Array(REGISTERS).fill(-1);
      follow(block, held, slotAt, calls);
      for (const next of block.next) isChanged = bring(entered, next, held) || isChanged;
    }
    if (!isChanged) break;
  }
  return calls;
}

function isRegisterCall({ mnemonic, operands }: Instruction): boolean {
  const isCall = mnemonic === 'call' || mnemonic === 'jmp';
  return isCall && operands[0]?.kind === 'register';
}

function bring(entered: Map<number, Held>, to: number, held: Held): boolean {
  const known = entered.get(to);
  if (known === undefined) {
    entered.set(to, held.slice());
    return true;
  }
  let isChanged = false;
  for (let register = 0; register < REGISTERS; register += 1) {
    if (known[register] !== -1 || held[register] === -1) continue;
    known[register] = held[register]!;
    isChanged = true;
  }
  return isChanged;
}

function follow(
  { instructions }: Block,
  held: Held,
  slotAt: (rva: number) => number,
  calls: Map<number, number>,
): void {
  for (const instruction of instructions) {
    const { rva, mnemonic, operands } = instruction;
    const [to, from] = operands;
    if (isRegisterCall(instruction) && to?.kind === 'register' && to.general !== NO_REGISTER) {
      const target = held[to.general]!;
      if (target >= 0) calls.set(rva, target);
    }
    if (mnemonic === 'call') {
      for (const register of VOLATILE) held[register] = -1;
    } else if (
      to?.kind === 'register' &&
      to.general !== NO_REGISTER &&
      !READS_FIRST.has(mnemonic)
    ) {
      held[to.general] = -1;
      if (mnemonic !== 'mov') continue;
      if (from?.kind === 'memory' && from.address !== undefined) {
        held[to.general] = slotAt(from.address);
      } else if (from?.kind === 'register' && from.general !== NO_REGISTER) {
        held[to.general] = held[from.general]!;
      }
    }
  }
}
