import type { NativeCode, NativeImage } from '@avow/formats/native';
import { SymbolFlag } from '@avow/formats/native';
import { Covered } from './covered.ts';
import type { CodeDecoder } from './decoder.ts';
import { type CodeFunction, followFunction } from './function.ts';
import type { ImageMemory } from './memory.ts';
import { isPrologue, prologuesIn } from './prologues.ts';
import { rangesOf } from './ranges.ts';

/** Instructions of one module, the same code counted as often as functions share it. */
const MAX_MODULE_INSTRUCTIONS = 12_000_000;

/** Besides one for every two bytes of code: honest code has one in four, and hostile code must not cost more than its size. */
const FREE_INSTRUCTIONS = 300_000;

/** What came of going through a module's functions. */
export interface Walked {
  readonly functions: number;
  readonly instructions: number;
  /** Functions with more instructions than are followed. */
  readonly cut: number;
  /** The module has more code than is followed: what was left is not known. */
  readonly isCut: boolean;
}

/**
 * Goes through the functions of an image: those that tables and symbols tell,
 * then what they call, then code that only pointers lead to, then what looks
 * like a function and belongs to none.
 */
export function walkFunctions(
  image: NativeImage,
  code: NativeCode,
  decoder: CodeDecoder,
  memory: ImageMemory,
  visit: (found: CodeFunction) => void,
): Walked {
  const walker = new Walker(image, code, decoder, memory, visit);
  return walker.walk();
}

class Walker {
  readonly #image: NativeImage;
  readonly #code: NativeCode;
  readonly #decoder: CodeDecoder;
  readonly #memory: ImageMemory;
  readonly #visit: (found: CodeFunction) => void;
  readonly #certain = new Set<number>();
  /** Targets of calls, and starts known for certain: where a jump leaves its function. */
  readonly #starts = new Set<number>();
  readonly #done = new Set<number>();
  readonly #covered: Covered;
  readonly #limit: number;
  #waiting: number[] = [];
  #pointed: number[] = [];
  #functions = 0;
  #instructions = 0;
  #cut = 0;

  constructor(
    image: NativeImage,
    code: NativeCode,
    decoder: CodeDecoder,
    memory: ImageMemory,
    visit: (found: CodeFunction) => void,
  ) {
    this.#image = image;
    this.#code = code;
    this.#decoder = decoder;
    this.#memory = memory;
    this.#visit = visit;
    this.#covered = new Covered(image);
    const bytes = rangesOf(image, true).reduce((sum, { fileSize }) => sum + fileSize, 0);
    this.#limit = Math.min(MAX_MODULE_INSTRUCTIONS, FREE_INSTRUCTIONS + bytes / 2);
  }

  walk(): Walked {
    this.#knowStarts();
    this.#waiting = [...this.#certain].sort((a, b) => b - a);
    this.#drain();
    this.#followPointers();
    this.#followRest(this.#dataPointers());
    this.#followPointers();
    this.#followRest(this.#code.calls.to.slice(0, this.#code.calls.count));
    this.#followRest(prologuesIn(this.#image));
    const { start, count } = this.#code.functions;
    this.#followRest(start.slice(0, count));
    this.#followPointers();
    return {
      functions: this.#functions,
      instructions: this.#instructions,
      cut: this.#cut,
      isCut: this.#isFull(),
    };
  }

  #knowStarts(): void {
    const { symbols, functionRanges, entryPoints } = this.#image;
    for (const { rva } of entryPoints) this.#certain.add(rva);
    for (let index = 0; index < symbols.count; index += 1) {
      if ((symbols.flags[index]! & SymbolFlag.function) !== 0)
        this.#certain.add(symbols.rva[index]!);
    }
    for (let index = 0; index < functionRanges.count; index += 1) {
      this.#certain.add(functionRanges.start[index]!);
    }
    for (const rva of this.#certain) this.#starts.add(rva);
    const { calls } = this.#code;
    // Data among code gives calls to anywhere: only what looks like a start is believed.
    for (let index = 0; index < calls.count; index += 1) {
      const rva = calls.to[index]!;
      if (!this.#starts.has(rva) && this.#looksEntered(rva)) this.#starts.add(rva);
    }
  }

  #isFull(): boolean {
    return this.#instructions >= this.#limit;
  }

  #drain(): void {
    for (let rva = this.#waiting.pop(); rva !== undefined; rva = this.#waiting.pop()) {
      if (this.#isFull()) return;
      this.#function(rva);
    }
  }

  #function(rva: number): void {
    if (this.#done.has(rva) || !this.#decoder.isCode(rva)) return;
    this.#done.add(rva);
    const found = followFunction(this.#decoder, this.#memory, rva, (at) => this.#starts.has(at));
    if (found === undefined) return;
    this.#functions += 1;
    if (found.isCut) this.#cut += 1;
    if (found.leadsTo !== undefined) {
      this.#starts.add(found.leadsTo);
      this.#waiting.push(found.leadsTo);
    }
    for (const { start, end, instructions } of found.blocks) {
      this.#covered.add(start, end);
      this.#instructions += instructions.length;
      for (const { target, going, operands } of instructions) {
        if (target !== undefined) {
          // A branch to a known start leaves the function, as a call does.
          if (going === 'call') this.#starts.add(target);
          if (this.#starts.has(target)) this.#waiting.push(target);
          continue;
        }
        for (const operand of operands) this.#point(operand);
      }
    }
    this.#visit(found);
  }

  /** Code that is pointed to is a function that someone else calls. */
  #point(
    operand: CodeFunction['blocks'][number]['instructions'][number]['operands'][number],
  ): void {
    const rva =
      operand.kind === 'immediate' && operand.bytes >= 4
        ? this.#memory.isAddress(operand.value)
          ? this.#memory.rvaOf(operand.value)
          : undefined
        : operand.kind === 'memory'
          ? operand.address
          : undefined;
    if (rva !== undefined && this.#decoder.isCode(rva)) this.#pointed.push(rva);
  }

  #followPointers(): void {
    while (this.#pointed.length > 0) {
      const pointed = this.#pointed;
      this.#pointed = [];
      this.#followRest(pointed);
    }
  }

  /** Starts that no function has yet covered, one after another, with what they call. */
  #followRest(starts: Iterable<number>): void {
    for (const rva of [...new Set(starts)].sort((a, b) => a - b)) {
      if (this.#isFull()) return;
      if (this.#covered.has(rva) || !this.#looksEntered(rva)) continue;
      this.#waiting.push(rva);
      this.#drain();
    }
  }

  /** Whether what stands before ends: padding, a return, a jump; or a function's first instructions stand here. */
  #looksEntered(rva: number): boolean {
    const here = this.#memory.bytes(rva, 4);
    if (here === undefined) return false;
    if (this.#starts.has(rva)) return true;
    if (isPrologue(here, 0)) return true;
    if (this.#covered.has(rva - 1)) return true;
    const before = this.#memory.bytes(rva - 5, 5);
    if (before === undefined || before.length < 5) return true;
    const last = before[4]!;
    const isPadding = last === 0xcc || last === 0x90 || last === 0x00;
    return isPadding || last === 0xc3 || before[2] === 0xc2 || before[0] === 0xe9;
  }

  /** Pointers to code in data: tables of methods, of callbacks. */
  #dataPointers(): number[] {
    const found: number[] = [];
    const step = this.#image.bits / 8;
    for (const { rva, fileSize } of rangesOf(this.#image, false)) {
      const first = Math.ceil(rva / step) * step;
      for (let at = first; at + step <= rva + fileSize; at += step) {
        const target = this.#memory.pointer(at);
        if (target !== undefined && this.#decoder.isCode(target)) found.push(target);
      }
    }
    return found;
  }
}
