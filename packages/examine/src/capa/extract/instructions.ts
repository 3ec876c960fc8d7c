import { type NativeImage, rangeAt } from '@avow/formats/native';
import type { Block, CodeFunction } from '../code/function.ts';
import { EBP, ESP, type Instruction, type Operand } from '../code/instruction.ts';
import type { AskedFeatures } from '../match/asked.ts';
import { add, type Found } from '../match/test.ts';
import type { Apis } from './apis.ts';
import type { OperandFeatures } from './operands.ts';

/** A cookie that guards the stack is made and checked so near a function's start and its returns. */
const COOKIE_BYTES = 0x40;

const XORS: ReadonlySet<string> = new Set(['xor', 'xorpd', 'xorps', 'pxor']);

/** Where an instruction stands. */
export interface Standing {
  readonly function: CodeFunction;
  readonly block: Block;
  /** Calls through registers, by RVA: the import's number. */
  readonly byRegister: ReadonlyMap<number, number>;
}

/** Names that rules use beside those of the decoder. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  ret: ['retn'],
  int1: ['icebp'],
  int3: ['int'],
};

/** Features of single instructions. */
export class InstructionFeatures {
  readonly #image: NativeImage;
  readonly #asked: AskedFeatures;
  readonly #apis: Apis;
  readonly #operands: OperandFeatures;
  readonly #mnemonics = new Map<string, readonly number[]>();
  readonly #ids: Readonly<Record<Characteristic, number>>;

  constructor(image: NativeImage, asked: AskedFeatures, apis: Apis, operands: OperandFeatures) {
    this.#image = image;
    this.#asked = asked;
    this.#apis = apis;
    this.#operands = operands;
    const idOf = (name: Characteristic): number => asked.named('characteristic', name);
    this.#ids = {
      nzxor: idOf('nzxor'),
      'call $+5': idOf('call $+5'),
      'peb access': idOf('peb access'),
      'fs access': idOf('fs access'),
      'gs access': idOf('gs access'),
      'cross section flow': idOf('cross section flow'),
      'calls from': idOf('calls from'),
      'recursive call': idOf('recursive call'),
      'indirect call': idOf('indirect call'),
    };
  }

  /** All that rules ask for of one instruction. */
  visit(instruction: Instruction, standing: Standing, found: Found): void {
    const { rva, mnemonic, going } = instruction;
    const tell = (id: number): void => add(found, id, rva);
    for (const id of this.#mnemonicIds(mnemonic)) tell(id);
    this.#operands.visit(instruction, tell);
    if (XORS.has(mnemonic)) this.#visitXor(instruction, standing, found);
    this.#visitSegments(instruction, found);
    if (going === 'call' || going === 'jump' || going === 'branch') {
      for (const id of this.apiIds(instruction, standing)) tell(id);
      this.#visitFlow(instruction, standing.function.start, found);
    }
  }

  /** APIs that a call or jump reaches. */
  apiIds(
    instruction: Instruction,
    { byRegister }: Pick<Standing, 'byRegister'>,
  ): readonly number[] {
    const { rva, going, target } = instruction;
    if (going !== 'call' && going !== 'jump') return [];
    const index = byRegister.get(rva) ?? this.#apis.importOf(instruction);
    if (index >= 0) return this.#apis.idsOfImport(index);
    return target === undefined || going === 'jump' ? [] : this.#apis.idsOfOwn(target);
  }

  #mnemonicIds(mnemonic: string): readonly number[] {
    let ids = this.#mnemonics.get(mnemonic);
    if (ids === undefined) {
      const names = [mnemonic, ...(OTHER_NAMES[mnemonic] ?? [])];
      ids = names.map((name) => this.#asked.named('mnemonic', name)).filter((id) => id >= 0);
      this.#mnemonics.set(mnemonic, ids);
    }
    return ids;
  }

  #visitXor(instruction: Instruction, { function: inside, block }: Standing, found: Found): void {
    const [to, from] = instruction.operands;
    if (to === undefined || from === undefined || isSame(to, from)) return;
    const isGuarded = from.kind !== 'register' || from.general === ESP || from.general === EBP;
    if (isGuarded) {
      const { rva } = instruction;
      const isFirst = block.start === inside.start;
      if (isFirst && rva < block.start + COOKIE_BYTES) return;
      const isLast = block.instructions.at(-1)!.mnemonic.startsWith('ret');
      if (isLast && rva > block.end - COOKIE_BYTES) return;
    }
    add(found, this.#ids.nzxor, instruction.rva);
  }

  #visitSegments({ rva, mnemonic, operands }: Instruction, found: Found): void {
    for (const operand of operands) {
      if (operand.kind !== 'memory' || operand.segment === undefined) continue;
      add(found, this.#ids[`${operand.segment} access`], rva);
      const block = operand.segment === 'fs' ? 0x30 : 0x60;
      const isRead = mnemonic === 'mov' || mnemonic === 'push';
      if (isRead && operand.displacement === block) add(found, this.#ids['peb access'], rva);
    }
  }

  #visitFlow(instruction: Instruction, start: number, found: Found): void {
    const { rva, mnemonic, operands, target, length } = instruction;
    const [operand] = operands;
    const address = operand?.kind === 'memory' ? operand.address : undefined;
    if (target !== undefined) this.#visitSections(rva, target, found);
    if (mnemonic !== 'call') return;
    const called = target ?? address;
    if (called === undefined) {
      const isIndirect = operand?.kind === 'register' || operand?.kind === 'memory';
      if (isIndirect) add(found, this.#ids['indirect call'], rva);
      return;
    }
    // Counted by what is called.
    add(found, this.#ids['calls from'], called);
    if (target === rva + length) add(found, this.#ids['call $+5'], rva);
    if (target === start) add(found, this.#ids['recursive call'], target);
  }

  #visitSections(rva: number, target: number, found: Found): void {
    const id = this.#ids['cross section flow'];
    if (id < 0) return;
    const to = rangeAt(this.#image, target);
    if (to !== undefined && to !== rangeAt(this.#image, rva)) add(found, id, rva);
  }
}

type Characteristic =
  | 'nzxor'
  | 'call $+5'
  | 'peb access'
  | 'fs access'
  | 'gs access'
  | 'cross section flow'
  | 'calls from'
  | 'recursive call'
  | 'indirect call';

function isSame(a: Operand, b: Operand): boolean {
  return a.kind === 'register' && b.kind === 'register' && a.exact === b.exact;
}
