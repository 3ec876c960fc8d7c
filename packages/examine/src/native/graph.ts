import {
  functionAt,
  indexAt,
  type NativeCode,
  type NativeImage,
  SiteKind,
  SymbolFlag,
} from '@avow/formats/native';

/** Functions that one start may be followed through: enough for any initialiser. */
const MAX_REACHED = 20_000;

/** Who calls whom inside a module, by index of the function; made when it is asked for. */
export class CallGraph {
  readonly #code: NativeCode;
  /** Calls ordered by their function: `#edges[#first[f]]` to before `#first[f + 1]`. */
  readonly #first: Int32Array;
  readonly #edges: Int32Array;

  constructor(image: NativeImage, code: NativeCode) {
    this.#code = code;
    const { calls, functions } = code;
    const own = callsOfOwn(image, code);
    const count = calls.count + own.from.length;
    const from = new Int32Array(count);
    const to = new Int32Array(count);
    const first = new Int32Array(functions.count + 1);
    for (let at = 0; at < count; at += 1) {
      const isOwn = at >= calls.count;
      const called = isOwn ? own.to[at - calls.count]! : calls.to[at]!;
      from[at] = functionAt(functions, isOwn ? own.from[at - calls.count]! : calls.from[at]!);
      const target = indexAt(functions, called);
      to[at] = target >= 0 && functions.start[target] === called ? target : -1;
      if (from[at]! >= 0 && to[at]! >= 0) first[from[at]! + 1]! += 1;
    }
    for (let at = 0; at < functions.count; at += 1) first[at + 1]! += first[at]!;
    const next = first.slice();
    this.#edges = new Int32Array(first[functions.count]!);
    for (let at = 0; at < count; at += 1) {
      if (from[at]! < 0 || to[at]! < 0) continue;
      this.#edges[next[from[at]!]!++] = to[at]!;
    }
    this.#first = first;
  }

  calledBy(index: number): Int32Array {
    return this.#edges.subarray(this.#first[index]!, this.#first[index + 1]!);
  }

  /** Functions reached from `starts` within `steps` calls, with their distance. */
  reached(starts: Iterable<number>, steps = Number.POSITIVE_INFINITY): Map<number, number> {
    return reachedFrom((index) => this.calledBy(index), starts, steps);
  }

  /** The function that starts at an RVA; -1 where none does. */
  startingAt(rva: number): number {
    const index = indexAt(this.#code.functions, rva);
    return index >= 0 && this.#code.functions.start[index] === rva ? index : -1;
  }
}

/** Functions reached from `starts` within `steps` calls, with their distance, the nearest first. */
export function reachedFrom(
  calledBy: (index: number) => Iterable<number>,
  starts: Iterable<number>,
  steps: number,
): Map<number, number> {
  const distance = new Map<number, number>();
  let edge: number[] = [];
  for (const start of starts) {
    if (start >= 0 && !distance.has(start)) {
      distance.set(start, 0);
      edge.push(start);
    }
  }
  for (let step = 1; step <= steps && edge.length > 0; step += 1) {
    const next: number[] = [];
    for (const index of edge) {
      for (const called of calledBy(index)) {
        if (distance.has(called)) continue;
        if (distance.size >= MAX_REACHED) return distance;
        distance.set(called, step);
        next.push(called);
      }
    }
    edge = next;
  }
  return distance;
}

/** Calls of what the file both exports and imports, which go through a slot of its own. */
function callsOfOwn(
  image: NativeImage,
  { sites }: NativeCode,
): { readonly from: readonly number[]; readonly to: readonly number[] } {
  const from: number[] = [];
  const to: number[] = [];
  if (image.format !== 'elf') return { from, to };
  for (let site = 0; site < sites.count; site += 1) {
    const rva = image.imports[sites.target[site]!]?.own;
    if (rva === undefined) continue;
    const isTaken = sites.kind[site] === SiteKind.call || sites.kind[site] === SiteKind.jump;
    if (!isTaken) continue;
    from.push(sites.rva[site]!);
    to.push(rva);
  }
  return { from, to };
}

/** How names begin of functions that Node itself calls when the module is loaded. */
const LOADED_BY_NAME = ['napi_register_module_v', 'node_register_module_v'];

/** Indices of symbols of such functions. */
export function registrarSymbols({ format, symbols }: NativeImage): number[] {
  const before = format === 'macho' ? '_' : '';
  return LOADED_BY_NAME.flatMap((prefix) => symbols.withPrefix(before + prefix)).filter(
    (index) => (symbols.flags[index]! & SymbolFlag.exported) !== 0,
  );
}

/** Functions that run when the module is loaded, and all that they call. */
export function loadedFunctions(image: NativeImage, graph: CallGraph): ReadonlySet<number> {
  const starts: number[] = [];
  for (const { rva, what } of image.entryPoints) {
    if (what === 'init' || what === 'tls') starts.push(graph.startingAt(rva));
  }
  for (const index of registrarSymbols(image)) {
    starts.push(graph.startingAt(image.symbols.rva[index]!));
  }
  return new Set(graph.reached(starts).keys());
}
