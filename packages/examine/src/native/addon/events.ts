import {
  functionAt,
  type NativeCode,
  type NativeImage,
  offsetOf,
  ReferenceKind,
  rangeAt,
  sectionAt,
  textAt,
  visitReferences,
} from '@avow/formats/native';
import type { CallGraph } from '../graph.ts';
import { type AddonCall, addonCallOf, isPropertyName } from './interface.ts';
import { SlicePairs } from './slices.ts';

/** What a function does, in the order of its code, as far as names and callbacks go. */
export type AddonEvent =
  | { readonly kind: 'name'; readonly text: string }
  /** Index of a function whose address is taken. */
  | { readonly kind: 'callback'; readonly index: number }
  /** An interface of Node's is called. */
  | { readonly kind: 'call'; readonly does: AddonCall }
  /** Index of a function of the module that is called. */
  | { readonly kind: 'inner'; readonly index: number };

/** `napi_property_descriptor`: name, method, getter and setter among eight words. */
const DESCRIPTOR_WORDS = 8;
const DESCRIPTOR_CALLBACKS = [2, 3, 4];

/** More than any module describes in one table. */
const MAX_DESCRIPTORS = 256;

/** Methods of one virtual table that are followed. */
const MAX_TABLE = 64;

/** Reads functions for what they name. Each is read once. */
export class AddonCode {
  readonly image: NativeImage;
  readonly code: NativeCode;
  readonly #calls = new Map<number, AddonCall>();
  readonly #events = new Map<number, readonly AddonEvent[]>();
  readonly #reaches = new Map<number, readonly number[]>();
  readonly #graph: CallGraph;

  constructor(image: NativeImage, code: NativeCode, graph: CallGraph) {
    this.image = image;
    this.code = code;
    this.#graph = graph;
    const does = image.imports.map(({ name }) => addonCallOf(name));
    const { sites } = code;
    for (let site = 0; site < sites.count; site += 1) {
      const call = does[sites.target[site]!];
      if (call !== undefined) this.#calls.set(sites.rva[site]!, call);
    }
  }

  /** Functions that call Node's interfaces, in order. */
  callers(): Set<number> {
    const callers = new Set<number>();
    for (const rva of this.#calls.keys()) {
      const index = functionAt(this.code.functions, rva);
      if (index >= 0) callers.add(index);
    }
    return callers;
  }

  eventsOf(index: number): readonly AddonEvent[] {
    let events = this.#events.get(index);
    if (events === undefined) this.#events.set(index, (events = this.#readEvents(index)));
    return events;
  }

  /**
   * Functions that one calls, jumps to or takes the address of, alone or in a
   * table of functions, as virtual ones are.
   */
  reachedFrom(index: number): readonly number[] {
    let reached = this.#reaches.get(index);
    if (reached === undefined) this.#reaches.set(index, (reached = this.#readReached(index)));
    return reached;
  }

  startingAt(rva: number): number {
    return this.#graph.startingAt(rva);
  }

  #readEvents(index: number): AddonEvent[] {
    const { functions } = this.code;
    const events: AddonEvent[] = [];
    const own = functions.start[index]!;
    const slices = new SlicePairs(this.image);
    this.#visit(index, (rva, kind, to) => {
      const does = this.#calls.get(rva);
      const slice = slices.see(rva, kind, to);
      if (slice !== undefined && isPropertyName(slice)) events.push({ kind: 'name', text: slice });
      if (does !== undefined) events.push({ kind: 'call', does });
      else if (kind === ReferenceKind.call) {
        const inner = to === own ? -1 : this.startingAt(to);
        if (inner >= 0) events.push({ kind: 'inner', index: inner });
      } else if (kind === ReferenceKind.load) {
        const pointer = this.image.pointerAt(to);
        if (pointer !== undefined) events.push(...this.#named(pointer));
      } else if (kind === ReferenceKind.address) {
        events.push(...this.#named(to), ...this.#described(to));
      }
    });
    return events;
  }

  #visit(index: number, visit: (rva: number, kind: number, to: number) => void): void {
    const { functions } = this.code;
    visitReferences(this.image, functions.start[index]!, functions.end[index]!, visit);
  }

  /** The name or function at an address. */
  #named(rva: number): AddonEvent[] {
    const range = rangeAt(this.image, rva);
    if (range === undefined) return [];
    const index = range.executable ? this.startingAt(rva) : -1;
    if (index >= 0) return [{ kind: 'callback', index }];
    // Instructions that look like letters are no name; constants may lie in a segment of code.
    if (functionAt(this.code.functions, rva) >= 0 || this.#isInCode(rva)) return [];
    const text = textAt(this.image, rva);
    return text !== undefined && isPropertyName(text) ? [{ kind: 'name', text }] : [];
  }

  #isInCode(rva: number): boolean {
    return sectionAt(this.image, rva)?.executable === true;
  }

  /** Names and functions of a table of property descriptors. */
  #described(rva: number): AddonEvent[] {
    const { pointerAt, bits } = this.image;
    const word = bits / 8;
    const events: AddonEvent[] = [];
    for (let row = 0; row < MAX_DESCRIPTORS; row += 1) {
      const at = rva + row * DESCRIPTOR_WORDS * word;
      const name = pointerAt(at);
      const text = name === undefined ? undefined : textAt(this.image, name);
      if (text === undefined || !isPropertyName(text)) break;
      const callbacks = DESCRIPTOR_CALLBACKS.flatMap((column) => {
        const to = pointerAt(at + column * word);
        const index = to === undefined ? -1 : this.startingAt(to);
        return index < 0 ? [] : [index];
      });
      if (callbacks.length === 0) break;
      events.push({ kind: 'name', text });
      for (const index of callbacks) events.push({ kind: 'callback', index });
    }
    return events;
  }

  #readReached(index: number): number[] {
    const reached = new Set(this.#graph.calledBy(index));
    this.#visit(index, (_, kind, to) => {
      if (kind === ReferenceKind.constant) return;
      const direct = kind === ReferenceKind.load ? this.image.pointerAt(to) : to;
      const target = direct === undefined ? -1 : this.startingAt(direct);
      if (target >= 0) reached.add(target);
      else if (kind === ReferenceKind.address) this.#addTable(to, reached);
    });
    reached.delete(index);
    return [...reached];
  }

  #addTable(rva: number, reached: Set<number>): void {
    const word = this.image.bits / 8;
    if (rangeAt(this.image, rva)?.executable !== false) return;
    if (offsetOf(this.image, rva) === undefined || rva % word !== 0) return;
    for (let row = 0; row < MAX_TABLE; row += 1) {
      const to = this.image.pointerAt(rva + row * word);
      const target = to === undefined ? -1 : this.startingAt(to);
      // The list of what runs first in a Windows library begins with a zero.
      if (target >= 0) reached.add(target);
      else if (row > 0 || to !== undefined) return;
    }
  }
}
