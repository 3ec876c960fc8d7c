import { EBP, ESP, type Instruction, type Memory, type Operand } from '../code/instruction.ts';
import type { ImageMemory } from '../code/memory.ts';
import type { AskedFeatures, Exact } from '../match/asked.ts';
import type { Referred } from './referred.ts';

/** Numbers up to this, added to a register, may be the offset of a member. */
const MAX_MEMBER = 0x10000;

/** Features of the operands of one instruction: numbers, offsets, and what addresses refer to. */
export class OperandFeatures {
  readonly #asked: AskedFeatures;
  readonly #memory: ImageMemory;
  readonly #referred: Referred;
  readonly #bits: 32 | 64;

  constructor(asked: AskedFeatures, memory: ImageMemory, referred: Referred, bits: 32 | 64) {
    this.#asked = asked;
    this.#memory = memory;
    this.#referred = referred;
    this.#bits = bits;
  }

  visit(instruction: Instruction, tell: (id: number) => void): void {
    const { mnemonic, operands } = instruction;
    for (let index = 0; index < operands.length; index += 1) {
      this.#visitOperand(instruction, index, tell);
      // What a call goes through is no data.
      if (mnemonic === 'call' || mnemonic === 'jmp') continue;
      const rva = this.addressOf(operands[index]!);
      if (rva !== undefined) for (const id of this.#referred.idsAt(rva)) tell(id);
    }
  }

  /** What one operand is to the call that it is handed to. */
  visitArgument(instruction: Instruction, index: number, tell: (id: number) => void): void {
    this.#visitOperand(instruction, index, tell);
    const rva = this.addressOf(instruction.operands[index]!);
    if (rva !== undefined) for (const id of this.#referred.idsAt(rva)) tell(id);
  }

  /** Numbers and offsets of one operand. */
  #visitOperand(instruction: Instruction, index: number, tell: (id: number) => void): void {
    const { mnemonic, operands } = instruction;
    const operand = operands[index]!;
    if (operand.kind === 'immediate') {
      if (this.#memory.isAddress(operand.value) || isStackAdjusted(instruction)) return;
      this.#tell('number', operand.value, index, tell);
      const isMember = operand.value > 0 && operand.value < MAX_MEMBER;
      if (mnemonic === 'add' && isMember) this.#tell('offset', operand.value, index, tell);
    } else if (operand.kind === 'memory') {
      this.#visitMemory(operand, mnemonic, index, tell);
    }
  }

  #visitMemory(operand: Memory, mnemonic: string, index: number, tell: (id: number) => void): void {
    const { base, displacement, address } = operand;
    if (address !== undefined) {
      // `[0x30]` without a register: a number, unless something is mapped there.
      const isNumber = this.#bits === 32 && !this.#memory.isAddress(unsigned(displacement));
      if (isNumber) this.#tell('number', unsigned(displacement), index, tell);
      return;
    }
    if (operand.index < 0 && (base === ESP || base === EBP)) return;
    this.#tell('offset', displacement, index, tell);
    // `lea eax, [ebx + 1]` computes: ebx may be zero.
    if (mnemonic === 'lea' && operand.index < 0 && this.addressOf(operand) === undefined) {
      this.#tell('number', displacement, index, tell);
    }
  }

  #tell(
    kind: 'number' | 'offset',
    value: Exact,
    operand: number,
    tell: (id: number) => void,
  ): void {
    for (const id of this.#asked.valued(kind, value, operand, this.#bits)) tell(id);
  }

  /** RVA that an operand refers to; undefined where it is no address. */
  addressOf(operand: Operand): number | undefined {
    if (operand.kind === 'immediate') {
      const isWide = operand.bytes >= 4 && this.#memory.isAddress(operand.value);
      return isWide ? this.#memory.rvaOf(operand.value) : undefined;
    }
    if (operand.kind !== 'memory' || operand.segment !== undefined) return undefined;
    if (operand.address !== undefined) return operand.address;
    const displacement = unsigned(operand.displacement);
    return this.#memory.isAddress(displacement) ? this.#memory.rvaOf(displacement) : undefined;
  }
}

function unsigned(value: Exact): Exact {
  return typeof value === 'number' && value < 0 ? value + 2 ** 32 : value;
}

/** `add esp, 0Ch` after a call tells how many arguments it had, and nothing else. */
function isStackAdjusted({ mnemonic, operands }: Instruction): boolean {
  const [first] = operands;
  const isAdjusting = mnemonic === 'add' || mnemonic === 'sub';
  return isAdjusting && first?.kind === 'register' && first.general === ESP;
}
