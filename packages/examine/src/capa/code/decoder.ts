import { type NativeImage, rangeAt } from '@avow/formats/native';
import {
  Decoder,
  DecoderOptions,
  FlowControl,
  Instruction as IcedInstruction,
  Mnemonic,
  OpKind,
  Register,
} from 'iced-x86';
import { exactOf } from '../match/asked.ts';
import { type Going, type Instruction, NO_REGISTER, type Operand } from './instruction.ts';

/**
 * Decodes x86 and x86-64 instructions of an image, with their operands. The
 * work is iced-x86's; its bytes live in memory of its own, so `free` it when
 * done.
 */
export class CodeDecoder {
  readonly #image: NativeImage;
  readonly #base: bigint;
  readonly #iced = new IcedInstruction();
  /** Over the file: its ranges may lie over one another, and are not copied each. */
  readonly #decoder: Decoder;

  constructor(image: NativeImage) {
    this.#image = image;
    this.#base = image.base;
    this.#decoder = new Decoder(image.bits, image.bytes, DecoderOptions.None);
  }

  free(): void {
    this.#decoder.free();
    this.#iced.free();
  }

  /** Whether an RVA lies in executable bytes of the file. */
  isCode(rva: number): boolean {
    const range = rangeAt(this.#image, rva);
    return range?.executable === true && rva - range.rva < range.fileSize;
  }

  /** The instruction at an RVA; undefined where there is none, or no executable byte. */
  at(rva: number): Instruction | undefined {
    const range = rangeAt(this.#image, rva);
    if (range === undefined || !range.executable) return undefined;
    const within = rva - range.rva;
    const offset = range.offset + within;
    if (within >= range.fileSize || offset >= this.#image.bytes.length) return undefined;
    const decoder = this.#decoder;
    const iced = this.#iced;
    decoder.position = offset;
    decoder.ip = this.#base + BigInt(rva);
    decoder.decodeOut(iced);
    const code = iced.mnemonic;
    if (code === Mnemonic.INVALID || within + iced.length > range.fileSize) return undefined;
    const operands = this.#operands(iced);
    const first = operands[0];
    return {
      rva,
      length: iced.length,
      mnemonic: nameOf(code),
      operands,
      going: GOING[iced.flowControl] ?? 'on',
      target: first?.kind === 'target' ? first.rva : undefined,
    };
  }

  #operands(iced: IcedInstruction): Operand[] {
    const count = iced.opCount;
    const operands: Operand[] = [];
    for (let index = 0; index < count; index += 1) operands.push(this.#operand(iced, index));
    return operands;
  }

  #operand(iced: IcedInstruction, index: number): Operand {
    const kind = iced.opKind(index);
    switch (kind) {
      case OpKind.Register: {
        const exact = iced.opRegister(index);
        return { kind: 'register', general: generalOf(exact), exact };
      }
      case OpKind.NearBranch16:
      case OpKind.NearBranch32:
      case OpKind.NearBranch64:
        return { kind: 'target', rva: Number(iced.nearBranchTarget - this.#base) };
      case OpKind.Memory:
        return this.#memory(iced);
      case OpKind.FarBranch16:
      case OpKind.FarBranch32:
        return OTHER;
      default: {
        const bytes = IMMEDIATE_BYTES[kind];
        if (bytes === undefined) return OTHER;
        const value = exactOf(BigInt.asUintN(bytes * 8, iced.immediate(index)));
        return { kind: 'immediate', value, bytes };
      }
    }
  }

  #memory(iced: IcedInstruction): Operand {
    const segment = SEGMENTS[iced.memorySegment];
    if (iced.isIpRelMemoryOperand) {
      const address = Number(iced.ipRelMemoryAddress - this.#base);
      return { ...NO_PARTS, displacement: 0, address, segment };
    }
    const base = iced.memoryBase;
    const index = iced.memoryIndex;
    const raw = iced.memoryDisplacement;
    const { bits } = this.#image;
    const isAbsolute = base === Register.None && index === Register.None;
    const signed = exactOf(BigInt.asIntN(bits, raw));
    return {
      kind: 'memory',
      base: generalOf(base),
      index: generalOf(index),
      scale: iced.memoryIndexScale,
      displacement: signed,
      address: isAbsolute ? Number(BigInt.asUintN(bits, raw) - this.#base) : undefined,
      segment,
    };
  }
}

const OTHER: Operand = { kind: 'other' };

const NO_PARTS = { kind: 'memory', base: NO_REGISTER, index: NO_REGISTER, scale: 1 } as const;

const SEGMENTS: Readonly<Record<number, 'fs' | 'gs'>> = {
  [Register.FS]: 'fs',
  [Register.GS]: 'gs',
};

/** Bytes of the operand that an immediate is extended to. */
const IMMEDIATE_BYTES: Readonly<Record<number, 1 | 2 | 4 | 8>> = {
  [OpKind.Immediate8]: 1,
  [OpKind.Immediate8_2nd]: 1,
  [OpKind.Immediate16]: 2,
  [OpKind.Immediate8to16]: 2,
  [OpKind.Immediate32]: 4,
  [OpKind.Immediate8to32]: 4,
  [OpKind.Immediate64]: 8,
  [OpKind.Immediate8to64]: 8,
  [OpKind.Immediate32to64]: 8,
};

/** What traps ends a block like a return: INT3 is padding, UD2 is not passed. */
const GOING: Readonly<Record<number, Going>> = {
  [FlowControl.Next]: 'on',
  [FlowControl.UnconditionalBranch]: 'jump',
  [FlowControl.IndirectBranch]: 'jump',
  [FlowControl.ConditionalBranch]: 'branch',
  [FlowControl.Return]: 'end',
  [FlowControl.Call]: 'call',
  [FlowControl.IndirectCall]: 'call',
  [FlowControl.Interrupt]: 'on',
  [FlowControl.XbeginXabortXend]: 'on',
  [FlowControl.Exception]: 'end',
};

/** AL…BH are 1 to 8 with AH…BH as 5 to 8, then SPL…R15B, the 16, 32 and 64-bit ones. */
function generalOf(register: number): number {
  if (register >= Register.AX && register <= Register.R15) return (register - Register.AX) & 15;
  if (register < Register.AL || register > Register.R15L) return NO_REGISTER;
  if (register <= Register.BL) return register - Register.AL;
  if (register <= Register.BH) return register - Register.AH;
  return register - Register.SPL + 4;
}

const names = new Map<number, string>();

function nameOf(code: number): string {
  let name = names.get(code);
  if (name === undefined) {
    name = (Mnemonic[code] ?? '').toLowerCase();
    names.set(code, name);
  }
  return name;
}
