import type { NativeImage } from '@avow/formats/native';
import type { Instruction } from 'iced-x86';

/** What has to be known of a module to disassemble its code. */
export type Machine = Pick<NativeImage, 'architecture' | 'bits' | 'base'>;

/** One instruction as it is shown. */
export interface ShownInstruction {
  readonly rva: number;
  /** In bytes. */
  readonly length: number;
  readonly text: string;
  /** RVA that it branches to or computes; undefined for none. */
  readonly refersTo: number | undefined;
}

/** More instructions than a reader follows: what a broken end could ask for. */
export const MAX_CODE_BYTES = 65_536;

/**
 * Instructions of the `bytes` at RVA `start`, `MAX_CODE_BYTES` of them at most;
 * undefined for machines that are not disassembled.
 */
export async function instructionsOf(
  machine: Machine,
  start: number,
  bytes: Uint8Array,
): Promise<ShownInstruction[] | undefined> {
  const code = bytes.subarray(0, MAX_CODE_BYTES);
  switch (machine.architecture) {
    case 'x86':
    case 'x86-64':
      return await x86(machine, start, code);
    case 'aarch64':
      return await aarch64(machine, start, code);
    case 'arm':
    case 'other':
      return undefined;
    default:
      return machine.architecture satisfies never;
  }
}

/** Values of iced-x86's `OpKind`: the library is loaded when code is shown, not before. */
const IMMEDIATE_32 = 9;
const MEMORY_OPERAND = 24;

/** Branch targets, and addresses by distance from the instruction; 0 for none. */
function targetOf(instruction: Instruction): bigint {
  return instruction.isIpRelMemoryOperand
    ? instruction.ipRelMemoryAddress
    : instruction.nearBranchTarget;
}

/** A constant that may be an address, in code that is not position-independent; 0 for none. */
function constantOf(instruction: Instruction, base: bigint): bigint {
  if (base === 0n) return 0n;
  for (let operand = 0; operand < instruction.opCount; operand += 1) {
    const value = operandConstant(instruction, operand);
    if (value > base) return value;
  }
  return 0n;
}

function operandConstant(instruction: Instruction, operand: number): bigint {
  switch (instruction.opKind(operand)) {
    case MEMORY_OPERAND: {
      const { memoryBase, memoryIndex } = instruction;
      return memoryBase === 0 && memoryIndex === 0 ? instruction.memoryDisplacement : 0n;
    }
    case IMMEDIATE_32:
      return BigInt(instruction.immediate32);
    default:
      return 0n;
  }
}

async function x86(
  { base, bits }: Machine,
  start: number,
  bytes: Uint8Array,
): Promise<ShownInstruction[]> {
  const { Decoder, DecoderOptions, Formatter, FormatterSyntax, Instruction } = await import(
    'iced-x86'
  );
  const decoder = new Decoder(bits, bytes, DecoderOptions.None);
  const formatter = new Formatter(FormatterSyntax.Intel);
  const instruction = new Instruction();
  const shown: ShownInstruction[] = [];
  try {
    decoder.ip = base + BigInt(start);
    while (decoder.canDecode) {
      decoder.decodeOut(instruction);
      const target = targetOf(instruction) || constantOf(instruction, base);
      shown.push({
        rva: Number(instruction.ip - base),
        length: instruction.length,
        text: formatter.format(instruction),
        refersTo: target === 0n ? undefined : Number(target - base),
      });
    }
  } finally {
    instruction.free();
    formatter.free();
    decoder.free();
  }
  return shown;
}

/** The part of capstone-js 5 that is used; it brings no types. */
interface Capstone {
  readonly ARCH_ARM64: number;
  readonly MODE_ARM: number;
  readonly Capstone: new (
    architecture: number,
    mode: number,
  ) => {
    disasm(
      bytes: Uint8Array,
      address: number | bigint,
    ): readonly { readonly mnemonic: string; readonly op_str: string; readonly size: number }[];
    close(): void;
  };
}

let capstone: Promise<Capstone> | undefined;

/** Made once: it compiles 3.5 MB. */
function loadCapstone(): Promise<Capstone> {
  capstone ??= (async () => {
    // @ts-expect-error It brings no types.
    const module = (await import('@alexaltea/capstone-js')) as {
      default: () => Promise<Capstone>;
    };
    return module.default();
  })();
  return capstone;
}

async function aarch64(
  { base }: Machine,
  start: number,
  bytes: Uint8Array,
): Promise<ShownInstruction[]> {
  const { Capstone, ARCH_ARM64, MODE_ARM } = await loadCapstone();
  const disassembler = new Capstone(ARCH_ARM64, MODE_ARM);
  const shown: ShownInstruction[] = [];
  const pages = new Map<string, number>();
  try {
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const rva = start + at;
      const text = wordText(disassembler, bytes.subarray(at, at + 4), base + BigInt(rva));
      shown.push({ rva, length: 4, text, refersTo: referenceOf(base, text, pages) });
    }
  } finally {
    disassembler.close();
  }
  return shown;
}

function wordText(
  disassembler: InstanceType<Capstone['Capstone']>,
  word: Uint8Array,
  address: bigint,
): string {
  try {
    const [found] = disassembler.disasm(word, address);
    if (found !== undefined) return `${found.mnemonic} ${found.op_str}`.trim();
  } catch {
    // It throws at words that are no instruction: data among code.
  }
  return `.word 0x${[...word]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Branch targets, and pages with the offsets that are added to them. */
function referenceOf(base: bigint, text: string, pages: Map<string, number>): number | undefined {
  const page = /^adrp (\w+), #(0x[0-9a-f]+)$/.exec(text);
  if (page !== null) {
    pages.set(page[1]!, Number(BigInt(page[2]!) - base));
    return undefined;
  }
  const added = /^(?:add \w+, (\w+), #|ldr \w+, \[(\w+), #)(0x[0-9a-f]+|\d+)\]?$/.exec(text);
  if (added !== null) {
    const start = pages.get((added[1] ?? added[2])!);
    return start === undefined ? undefined : start + Number(added[3]);
  }
  const target = /^(?:b|bl|b\.\w+|cbn?z \w+,|tbn?z \w+, #\w+,|adr \w+,) #(0x[0-9a-f]+)$/.exec(text);
  return target === null ? undefined : Number(BigInt(target[1]!) - base);
}
