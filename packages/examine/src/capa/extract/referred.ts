import type { ImageMemory } from '../code/memory.ts';
import type { AskedBytes, AskedFeatures } from '../match/asked.ts';
import { referredText } from './texts.ts';

/** Pointers to pointers that are followed. */
const MAX_STEPS = 10;

/** Bytes that a rule may ask for. */
const MAX_BYTES = 256;

/** Addresses whose features are remembered. */
const MAX_REMEMBERED = 100_000;

/** What code refers to by an address: texts, and how bytes begin; through pointers too. */
export class Referred {
  readonly #memory: ImageMemory;
  readonly #asked: AskedFeatures;
  readonly #byFirst = new Map<number, AskedBytes[]>();
  readonly #remembered = new Map<number, readonly number[]>();

  constructor(memory: ImageMemory, asked: AskedFeatures) {
    this.#memory = memory;
    this.#asked = asked;
    for (const one of asked.bytes) {
      const first = one.bytes[0]!;
      const group = this.#byFirst.get(first) ?? [];
      group.push(one);
      this.#byFirst.set(first, group);
    }
  }

  /** Features of what stands at an RVA, and of what it points to. */
  idsAt(rva: number): readonly number[] {
    const known = this.#remembered.get(rva);
    if (known !== undefined) return known;
    const ids = this.#find(rva);
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(rva, ids);
    return ids;
  }

  #find(rva: number): readonly number[] {
    const ids: number[] = [];
    let at = rva;
    for (let step = 0; step <= MAX_STEPS; step += 1) {
      const text = referredText(this.#memory, at);
      if (text !== undefined) {
        ids.push(...this.#asked.texts.idsOf(text));
        break;
      }
      this.#findBytes(at, ids);
      const next = this.#memory.pointer(at);
      if (next === undefined || next === at) break;
      at = next;
    }
    return ids;
  }

  #findBytes(rva: number, ids: number[]): void {
    const here = this.#memory.bytes(rva, MAX_BYTES);
    if (here === undefined || here.length === 0) return;
    for (const { id, bytes } of this.#byFirst.get(here[0]!) ?? []) {
      if (startsWith(here, bytes)) ids.push(id);
    }
  }
}

function startsWith(here: Uint8Array, bytes: Uint8Array): boolean {
  if (bytes.length > here.length) return false;
  for (let at = 0; at < bytes.length; at += 1) if (here[at] !== bytes[at]) return false;
  return true;
}
