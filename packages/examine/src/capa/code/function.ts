import type { CodeDecoder } from './decoder.ts';
import type { Instruction } from './instruction.ts';
import type { ImageMemory } from './memory.ts';
import { jumpTable, LOOK_BACK } from './tables.ts';

/** Instructions of one function: the largest of Node has 30,000, and what has more is data or made to tire us. */
export const MAX_INSTRUCTIONS = 60_000;

/** Instructions that run one after another, entered at the first. */
export interface Block {
  readonly start: number;
  /** First byte after. */
  readonly end: number;
  readonly instructions: readonly Instruction[];
  /** Starts of blocks of this function that it goes on to. */
  readonly next: readonly number[];
}

/** A function as its own branches show it: it need not lie in one piece. */
export interface CodeFunction {
  readonly start: number;
  /** In order of address. */
  readonly blocks: readonly Block[];
  /** It has more instructions than are followed. */
  readonly isCut: boolean;
  /** RVA that its first instruction jumps to, when that is all it does: another function. */
  readonly leadsTo?: number;
}

/** What a function ends at: where others start. */
export type IsStart = (rva: number) => boolean;

/** Follows a function's branches from its start; undefined where no instruction is. */
export function followFunction(
  decoder: CodeDecoder,
  memory: ImageMemory,
  start: number,
  isStart: IsStart,
): CodeFunction | undefined {
  const stub = stubAt(decoder, start);
  if (stub !== undefined) return stub;
  const follower = new Follower(decoder, memory, start, isStart);
  follower.follow();
  return follower.done();
}

/** A jump and nothing else: what incremental linkers and compilers of exports put before a function. */
function stubAt(decoder: CodeDecoder, start: number): CodeFunction | undefined {
  const first = decoder.at(start);
  if (first?.going !== 'jump' || first.target === undefined) return undefined;
  const end = start + first.length;
  // A loop's condition may stand at its end; what stands near is the function itself.
  if (first.target >= start && first.target < end + NEAR) return undefined;
  const block = { start, end, instructions: [first], next: [] };
  return { start, blocks: [block], isCut: false, leadsTo: first.target };
}

/** Bytes that a function may jump over at its very start. */
const NEAR = 128;

class Follower {
  readonly #decoder: CodeDecoder;
  readonly #memory: ImageMemory;
  readonly #start: number;
  readonly #isStart: IsStart;
  readonly #code = new Map<number, Instruction>();
  readonly #leaders = new Set<number>();
  /** By the start of a run: the run that goes on to it without a jump. */
  readonly #before = new Map<number, readonly Instruction[]>();
  /** By the branch: where it goes, besides what its operand says. */
  readonly #tables = new Map<number, readonly number[]>();
  #isCut = false;

  constructor(decoder: CodeDecoder, memory: ImageMemory, start: number, isStart: IsStart) {
    this.#decoder = decoder;
    this.#memory = memory;
    this.#start = start;
    this.#isStart = isStart;
  }

  follow(): void {
    const waiting = [this.#start];
    this.#leaders.add(this.#start);
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      for (const next of this.#straight(from)) {
        if (this.#leaders.has(next) || this.#isOther(next)) continue;
        this.#leaders.add(next);
        waiting.push(next);
      }
    }
  }

  /** Decodes until the flow parts or ends; gives where it goes on. */
  #straight(from: number): readonly number[] {
    const run: Instruction[] = [];
    for (let at = from; !this.#code.has(at); ) {
      if (at !== from && this.#isOther(at)) return [];
      if (this.#code.size >= MAX_INSTRUCTIONS) {
        this.#isCut = true;
        return [];
      }
      const instruction = this.#decoder.at(at);
      if (instruction === undefined) return [];
      this.#code.set(at, instruction);
      run.push(instruction);
      const after = at + instruction.length;
      switch (instruction.going) {
        case 'end':
          return [];
        case 'branch':
          if (!this.#before.has(after)) this.#before.set(after, run);
          return instruction.target === undefined ? [after] : [instruction.target, after];
        case 'jump': {
          if (instruction.target !== undefined) return [instruction.target];
          const way = this.#wayTo(run);
          const cases = jumpTable(way, this.#memory, (rva) => this.#decoder.isCode(rva));
          this.#tables.set(at, cases);
          return cases;
        }
        default:
          at = after;
      }
    }
    return [];
  }

  /** A run with those before it that go on to it: a jump's guard stands in another block. */
  #wayTo(run: readonly Instruction[]): readonly Instruction[] {
    let way = run;
    for (let at = run; way.length < LOOK_BACK; ) {
      const before = this.#before.get(at[0]!.rva);
      if (before === undefined || before === at) break;
      way = [...before.slice(-LOOK_BACK), ...way];
      at = before;
    }
    return way;
  }

  #isOther(rva: number): boolean {
    return rva !== this.#start && this.#isStart(rva);
  }

  done(): CodeFunction | undefined {
    if (this.#code.size === 0) return undefined;
    const order = [...this.#code.keys()].sort((a, b) => a - b);
    const blocks: Block[] = [];
    let run: Instruction[] = [];
    const close = (): void => {
      if (run.length > 0) blocks.push(this.#block(run));
      run = [];
    };
    for (const rva of order) {
      const last = run.at(-1);
      // Bytes that are decoded two ways are in two blocks.
      if (last !== undefined && (last.rva + last.length !== rva || this.#leaders.has(rva))) close();
      const instruction = this.#code.get(rva)!;
      run.push(instruction);
      if (instruction.going !== 'on' && instruction.going !== 'call') close();
    }
    close();
    return { start: this.#start, blocks, isCut: this.#isCut };
  }

  #block(instructions: readonly Instruction[]): Block {
    const last = instructions.at(-1)!;
    const end = last.rva + last.length;
    const goes = this.#goesTo(last, end).filter((rva) => this.#code.has(rva));
    return { start: instructions[0]!.rva, end, instructions, next: goes };
  }

  #goesTo({ rva, going, target }: Instruction, after: number): readonly number[] {
    switch (going) {
      case 'end':
        return [];
      case 'branch':
        return target === undefined ? [after] : [target, after];
      case 'jump':
        return target === undefined ? (this.#tables.get(rva) ?? []) : [target];
      default:
        return [after];
    }
  }
}
