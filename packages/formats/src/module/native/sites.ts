import { type NativeImage, rangeAt, type Section } from './image.ts';

/** How code at a site reaches an import or the system. */
export const SiteKind = {
  call: 0,
  jump: 1,
  /** The pointer is loaded, to be called or stored later. */
  load: 2,
  /** `syscall`, `svc`, `int 0x80`. */
  system: 3,
  /** Inside a stub: code reaches the import by calling it, which are sites of their own. */
  stub: 4,
} as const;

/** Call sites of imports, as growing columns: a module has hundreds of thousands. */
export class Sites {
  count = 0;
  rva = new Float64Array(1024);
  /** Index into the image's imports, then into the wanted functions; -1 for a system call. */
  target = new Int32Array(1024);
  kind = new Uint8Array(1024);

  push(rva: number, target: number, kind: number): void {
    if (this.count === this.rva.length) this.#grow();
    this.rva[this.count] = rva;
    this.target[this.count] = target;
    this.kind[this.count] = kind;
    this.count += 1;
  }

  #grow(): void {
    const size = this.count * 2;
    const rva = new Float64Array(size);
    const target = new Int32Array(size);
    const kind = new Uint8Array(size);
    rva.set(this.rva);
    target.set(this.target);
    kind.set(this.kind);
    this.rva = rva;
    this.target = target;
    this.kind = kind;
  }
}

/** Direct calls inside the module, in order of the sweep: the call graph, and evidence of starts. */
export class Calls {
  count = 0;
  from = new Float64Array(4096);
  to = new Float64Array(4096);

  push(from: number, to: number): void {
    if (this.count === this.to.length) {
      const [oldFrom, oldTo] = [this.from, this.to];
      this.from = new Float64Array(this.count * 2);
      this.to = new Float64Array(this.count * 2);
      this.from.set(oldFrom);
      this.to.set(oldTo);
    }
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.count += 1;
  }
}

/** A function of the image itself, as a target of calls. */
export interface NamedTarget {
  readonly rva: number;
  readonly name: string;
  /** Go passes arguments in registers of its own order, a text as its address and length. */
  readonly isGo?: boolean;
  /** Not a function, but a pointer in data whose loads are wanted: an Objective-C selector. */
  readonly isSlot?: boolean;
}

/** A slot table above this span is sparse by intent; it is looked up by hash instead. */
const MAX_DENSE_SPAN = 1 << 24;

/** From the RVA of a pointer slot to the import that fills it: -1 where none does. */
export class Slots {
  readonly low: number;
  readonly high: number;
  readonly #dense: Int32Array | undefined;
  readonly #sparse = new Map<number, number>();
  readonly #named: Map<number, number> | undefined;
  readonly #image: Pick<NativeImage, 'ranges' | 'pointerAt'>;
  /** Where pointers stand that a loader writes once, before any code runs. */
  readonly #fixed: Section | undefined;

  /** @param named Functions of the image itself, whose calls are wanted like those of imports. */
  constructor(
    image: Pick<NativeImage, 'format' | 'imports' | 'ranges' | 'sections' | 'pointerAt'>,
    named: readonly NamedTarget[],
  ) {
    this.#image = image;
    this.#fixed =
      image.format === 'elf' ? image.sections.find(({ name }) => name === '.got') : undefined;
    const first = image.imports.length;
    const functions = named.flatMap(({ rva, isSlot }, at): [number, number][] =>
      isSlot === true ? [] : [[rva, first + at]],
    );
    this.#named = functions.length === 0 ? undefined : new Map(functions);
    const wanted = [
      ...image.imports,
      ...named.map(({ rva, isSlot }) => ({ slot: isSlot === true ? rva : undefined })),
    ];
    let low = Number.POSITIVE_INFINITY;
    let high = -1;
    for (const { slot } of wanted) {
      if (slot === undefined) continue;
      low = Math.min(low, slot);
      high = Math.max(high, slot);
    }
    this.low = low;
    this.high = high;
    const span = high < low ? 0 : high - low + 1;
    this.#dense = span < MAX_DENSE_SPAN ? new Int32Array(span).fill(-1) : undefined;
    wanted.forEach(({ slot }, index) => {
      if (slot === undefined) return;
      if (this.#dense === undefined) this.#sparse.set(slot, index);
      else this.#dense[slot - low] = index;
    });
  }

  /** Index of a wanted function of the image that starts here; -1 where none does. */
  namedAt(rva: number): number {
    return this.#named?.get(rva) ?? -1;
  }

  /**
   * RVA of the image's own function whose address stands in a slot of `.got`,
   * as Rust's compiler and `-fno-plt` call what another unit defines; -1 where
   * none does.
   */
  ownAt(rva: number): number {
    const fixed = this.#fixed;
    if (fixed === undefined || rva < fixed.rva || rva >= fixed.rva + fixed.size) return -1;
    const target = this.#image.pointerAt(rva);
    if (target === undefined) return -1;
    return rangeAt(this.#image, target)?.executable === true ? target : -1;
  }

  at(rva: number): number {
    if (rva < this.low || rva > this.high) return -1;
    return this.#dense === undefined
      ? (this.#sparse.get(rva) ?? -1)
      : (this.#dense[rva - this.low] ?? -1);
  }
}
