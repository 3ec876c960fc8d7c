import type { Block } from '../code/function.ts';
import { ESP, type Instruction } from '../code/instruction.ts';

/** A call with the instructions that set its arguments. */
export interface CallSite {
  readonly call: Instruction;
  /** Each with the operand that is the argument. */
  readonly setters: readonly { readonly by: Instruction; readonly operand: number }[];
}

/**
 * Registers of arguments: rdi, rsi, rdx, rcx, r8, r9 by the System V
 * convention, rcx, rdx, r8, r9 by Windows'.
 */
const SYSTEM_V: ReadonlySet<number> = new Set([7, 6, 2, 1, 8, 9]);
const WINDOWS: ReadonlySet<number> = new Set([1, 2, 8, 9]);

/**
 * The calls of a block, each with what is moved to registers and the stack for
 * it: since the call before, in the block.
 */
export function callSites(
  { instructions }: Block,
  bits: 32 | 64,
  isWindows: boolean,
): readonly CallSite[] {
  const registers = bits === 32 ? NO_REGISTERS : isWindows ? WINDOWS : SYSTEM_V;
  const sites: CallSite[] = [];
  let setters: CallSite['setters'][number][] = [];
  for (const instruction of instructions) {
    if (instruction.mnemonic === 'call') {
      sites.push({ call: instruction, setters });
      setters = [];
      continue;
    }
    const operand = argumentOperand(instruction, registers);
    if (operand !== undefined) setters.push({ by: instruction, operand });
  }
  return sites;
}

const NO_REGISTERS: ReadonlySet<number> = new Set();

function argumentOperand(
  { mnemonic, operands: [to] }: Instruction,
  registers: ReadonlySet<number>,
): number | undefined {
  if (mnemonic === 'push') return 0;
  if (mnemonic !== 'mov' && mnemonic !== 'lea') return undefined;
  if (to?.kind === 'memory') return to.base === ESP && to.index < 0 ? 1 : undefined;
  return to?.kind === 'register' && registers.has(to.general) ? 1 : undefined;
}
