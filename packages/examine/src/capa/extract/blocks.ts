import type { Block, CodeFunction } from '../code/function.ts';
import { EBP, ESP, type Instruction } from '../code/instruction.ts';
import type { AskedFeatures } from '../match/asked.ts';
import { add, type Found } from '../match/test.ts';

/** Printable characters that a block must move to the stack to be told as making a text there. */
const MIN_STACK_TEXT = 8;

/** Features of blocks and of functions as a whole. */
export class FlowFeatures {
  readonly #tightLoop: number;
  readonly #stackString: number;
  readonly #blocks: number;
  readonly #loop: number;
  readonly #callsTo: number;

  constructor(asked: AskedFeatures) {
    this.#tightLoop = asked.named('characteristic', 'tight loop');
    this.#stackString = asked.named('characteristic', 'stack string');
    this.#blocks = asked.blocks();
    this.#loop = asked.named('characteristic', 'loop');
    this.#callsTo = asked.named('characteristic', 'calls to');
  }

  visitBlock(block: Block, found: Found): void {
    add(found, this.#blocks, block.start);
    const last = block.instructions.at(-1)!;
    if (last.going === 'branch' && last.target === block.start) {
      add(found, this.#tightLoop, block.start);
    }
    if (this.#stackString >= 0 && makesText(block)) add(found, this.#stackString, block.start);
  }

  /** @param callers RVAs of direct calls of the function. */
  visitFunction(inside: CodeFunction, callers: readonly number[], found: Found): void {
    for (const rva of callers) add(found, this.#callsTo, rva);
    if (this.#loop >= 0 && hasLoop(inside)) add(found, this.#loop, inside.start);
  }
}

function makesText({ instructions }: Block): boolean {
  let length = 0;
  for (const instruction of instructions) {
    length += stackCharacters(instruction);
    if (length > MIN_STACK_TEXT) return true;
  }
  return false;
}

/** Printable characters, of 8 or 16 bits, that an instruction moves to the stack. */
function stackCharacters({ mnemonic, operands }: Instruction): number {
  const [to, from] = operands;
  if (!mnemonic.startsWith('mov') || to?.kind !== 'memory' || from?.kind !== 'immediate') return 0;
  if (to.base !== ESP && to.base !== EBP) return 0;
  const bytes: number[] = [];
  let rest = BigInt(from.value);
  for (let index = 0; index < from.bytes; index += 1) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
  if (bytes.every(isPrintable)) return bytes.length;
  const isWide = bytes.every((byte, index) => (index % 2 === 1 ? byte === 0 : isPrintable(byte)));
  return isWide && bytes.length > 1 ? bytes.length / 2 : 0;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d);
}

/** Whether two or more blocks reach one another (Tarjan's components, without recursion). */
export function hasLoop({ blocks }: Pick<CodeFunction, 'blocks'>): boolean {
  const next = new Map(blocks.map((block) => [block.start, block.next]));
  const number = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  let count = 0;
  const enter = (at: number): void => {
    number.set(at, count);
    low.set(at, count);
    count += 1;
    open.push(at);
    isOpen.add(at);
  };
  for (const { start } of blocks) {
    if (number.has(start)) continue;
    enter(start);
    const path = [{ at: start, turn: 0 }];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const to = next.get(step.at)?.[step.turn++];
      if (to === undefined) {
        path.pop();
        const above = path.at(-1);
        if (above !== undefined) {
          low.set(above.at, Math.min(low.get(above.at)!, low.get(step.at)!));
        }
        if (low.get(step.at) !== number.get(step.at)) continue;
        if (open.at(-1) !== step.at) return true;
        open.pop();
        isOpen.delete(step.at);
      } else if (!number.has(to)) {
        if (!next.has(to)) continue;
        enter(to);
        path.push({ at: to, turn: 0 });
      } else if (isOpen.has(to)) {
        low.set(step.at, Math.min(low.get(step.at)!, number.get(to)!));
      }
    }
  }
  return false;
}
