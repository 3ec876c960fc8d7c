import { walkFunction as walkAArch64 } from './aarch64/arguments.ts';
import { sweepAArch64 } from './aarch64/sweep.ts';
import { type Functions, findFunctions, functionAt } from './functions.ts';
import { type MappedRange, type NativeImage, offsetOf } from './image.ts';
import { Joins } from './joins.ts';
import { Calls, type NamedTarget, Sites, Slots } from './sites.ts';
import { walkFunction as walkX86 } from './x86/arguments.ts';
import { guessStarts } from './x86/guesses.ts';
import { sweepX86 } from './x86/sweep.ts';

/** What one sweep over a module's code found. */
export interface NativeCode {
  readonly sites: Sites;
  readonly calls: Calls;
  readonly functions: Functions;
  /** Bytes of executable ranges that were swept; 0 for machines that we do not read. */
  readonly sweptBytes: number;
  readonly joins: Joins;
  readonly named: readonly NamedTarget[];
}

/**
 * Sweeps every executable range. Machines other than x86, x86-64 and AArch64
 * are not swept. Calls of `named` functions are sites too: what is linked in.
 */
export function sweepCode(image: NativeImage, named: readonly NamedTarget[] = []): NativeCode {
  const sites = new Sites();
  const calls = new Calls();
  const ranges = codeRanges(image);
  const last = ranges.at(-1);
  const joins = new Joins(ranges[0]?.offset ?? 0, last ? last.offset + last.fileSize : 0);
  const slots = new Slots(image, named);
  let sweptBytes = 0;
  for (const range of ranges) {
    if (image.architecture === 'x86' || image.architecture === 'x86-64') {
      sweepX86(image, range, slots, sites, calls, joins);
    } else if (image.architecture === 'aarch64') {
      sweepAArch64(image, range, slots, sites, calls, joins);
    } else {
      continue;
    }
    sweptBytes += range.fileSize;
  }
  return {
    sites,
    calls,
    functions: findFunctions(image, ranges, calls, guessesOf(image, ranges, joins, calls)),
    sweptBytes,
    joins,
    named,
  };
}

/** Only where no table tells of functions: where one does, it is better than any guess. */
function guessesOf(
  image: NativeImage,
  ranges: readonly MappedRange[],
  joins: Joins,
  calls: Calls,
): readonly number[] {
  const isX86 = image.architecture === 'x86' || image.architecture === 'x86-64';
  if (!isX86 || image.functionRanges.count > 0) return [];
  return ranges.flatMap((range) => guessStarts(image, range, joins, calls));
}

/**
 * Executable sections, or the executable ranges of a file without sections: a
 * linker may put headers and constants into an executable segment. No byte of
 * the file is in two of them, however many sections a hostile file lays over
 * one another.
 */
function codeRanges(image: NativeImage): MappedRange[] {
  const sections = image.sections.flatMap((section) => {
    if (!section.executable || section.offset === undefined || section.size === 0) return [];
    const fileSize = Math.min(section.size, image.bytes.length - section.offset);
    return [{ ...section, offset: section.offset, fileSize }];
  });
  const found = sections.length > 0 ? sections : image.ranges.filter((range) => range.executable);
  const ranges: MappedRange[] = [];
  let end = 0;
  for (const range of found.toSorted((a, b) => a.offset - b.offset || a.rva - b.rva)) {
    const skipped = Math.max(0, end - range.offset);
    if (range.fileSize <= skipped || range.rva < 0) continue;
    const { rva, offset, fileSize } = range;
    ranges.push({
      ...range,
      rva: rva + skipped,
      offset: offset + skipped,
      fileSize: fileSize - skipped,
    });
    end = offset + fileSize;
  }
  return ranges;
}

/** Arguments of one site in the order of the calling convention. */
export interface SiteArguments {
  /** Index into the sites. */
  readonly site: number;
  /** NaN where unknown. */
  readonly values: readonly ArgumentValue[];
}

/** A constant, or the RVA that code computed. A constant may be an address too, in code that is not position-independent. */
export interface ArgumentValue {
  readonly kind: 'constant' | 'address' | 'unknown';
  readonly value: number;
}

const UNKNOWN: ArgumentValue = { kind: 'unknown', value: Number.NaN };

/**
 * Added to computed addresses while values are followed, so that they are told
 * from constants: no image reaches 2^51 bytes, and doubles are exact to 2^53.
 */
const ADDRESS = 2 ** 51;

function argumentOf(value: number): ArgumentValue {
  if (Number.isNaN(value)) return UNKNOWN;
  if (value < ADDRESS / 2) return { kind: 'constant', value };
  return value < 2 * ADDRESS ? { kind: 'address', value: value - ADDRESS } : UNKNOWN;
}

const X86_64_SYSV = [7, 6, 2, 1, 8, 9];
const X86_64_WINDOWS = [1, 2, 8, 9];
/** Go's internal ABI (src/cmd/compile/abi-internal.md). */
const X86_64_GO = [0, 3, 1, 7, 6, 8, 9, 10, 11];
/** The kernel takes the fourth in r10 and the number in rax. */
const X86_64_SYSTEM = [0, 7, 6, 2, 10, 8, 9];

/**
 * Visits the wanted sites with their arguments, function by function. For a
 * system call the first value is its number.
 */
export function visitArguments(
  image: NativeImage,
  code: NativeCode,
  isWanted: (site: number) => boolean,
  visit: (found: SiteArguments) => void,
): void {
  const walk = new ArgumentWalk(image, code, visit);
  for (let site = 0; site < code.sites.count; site += 1) if (isWanted(site)) walk.add(site);
  walk.flush();
}

/** Sites of one function at a time: sites come in order of address, range by range. */
class ArgumentWalk {
  readonly #image: NativeImage;
  readonly #code: NativeCode;
  readonly #visit: (found: SiteArguments) => void;
  readonly #view: DataView;
  #index = -1;
  #end = -1;
  #start = 0;
  #sites: number[] = [];
  #offsets: number[] = [];

  constructor(image: NativeImage, code: NativeCode, visit: (found: SiteArguments) => void) {
    this.#image = image;
    this.#code = code;
    this.#visit = visit;
    const { buffer, byteOffset, byteLength } = image.bytes;
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  add(site: number): void {
    const { functions, sites } = this.#code;
    const rva = sites.rva[site]!;
    if (rva >= this.#end || rva < this.#start) {
      this.flush();
      this.#index = functionAt(functions, rva);
      if (this.#index >= 0) {
        this.#start = functions.start[this.#index]!;
        this.#end = functions.end[this.#index]!;
      }
    }
    const offset = this.#index < 0 ? undefined : offsetOf(this.#image, this.#start);
    if (offset === undefined) {
      this.#end = -1;
      this.#visit({ site, values: [] });
      return;
    }
    this.#sites.push(site);
    this.#offsets.push(offset + rva - this.#start);
  }

  /** Walks the function whose sites were collected. */
  flush(): void {
    const sites = this.#sites;
    const offsets = this.#offsets;
    this.#sites = [];
    this.#offsets = [];
    if (sites.length === 0) return;
    const { bytes, architecture, bits, format } = this.#image;
    const { joins, sites: all, named } = this.#code;
    const start = offsetOf(this.#image, this.#start)!;
    const end = Math.min(offsets.at(-1)! + 16, start + this.#end - this.#start, bytes.length);
    const toRva = this.#start - start + ADDRESS;
    if (architecture === 'aarch64') {
      const walk = { view: this.#view, start, end, toRva, joins, sites: offsets };
      walkAArch64(walk, ({ registers }, index) => {
        const isSystem = all.target[sites[index]!]! < 0;
        const values = aarch64Values(registers, isSystem);
        this.#visit({ site: sites[index]!, values });
      });
      return;
    }
    const is64 = bits === 64;
    const isWindows = format === 'pe';
    const walk = { bytes, start, end, toRva, is64, isWindows, joins, sites: offsets };
    walkX86(walk, (call, index) => {
      const target = all.target[sites[index]!]!;
      const isGo = is64 && named[target - this.#image.imports.length]?.isGo === true;
      const values = isGo
        ? valuesOf(call.registers, X86_64_GO)
        : x86Values(call, target < 0, is64, isWindows);
      this.#visit({ site: sites[index]!, values });
    });
  }
}

function valuesOf(registers: Float64Array, order: readonly number[]): ArgumentValue[] {
  return order.map((register) => argumentOf(registers[register]!));
}

const AARCH64 = [0, 1, 2, 3, 4, 5, 6, 7];
/** The number of a system call is in x8. */
const AARCH64_SYSTEM = [8, ...AARCH64];

function aarch64Values(registers: Float64Array, isSystem: boolean): ArgumentValue[] {
  return valuesOf(registers, isSystem ? AARCH64_SYSTEM : AARCH64);
}

const X86_SYSTEM = [0, 3, 1, 2, 6, 7];

function x86Values(
  call: { readonly registers: Float64Array; readonly pushed: readonly number[] },
  isSystem: boolean,
  is64: boolean,
  isWindows: boolean,
): ArgumentValue[] {
  if (!is64) return isSystem ? valuesOf(call.registers, X86_SYSTEM) : call.pushed.map(argumentOf);
  const order = isSystem ? X86_64_SYSTEM : isWindows ? X86_64_WINDOWS : X86_64_SYSV;
  return valuesOf(call.registers, order);
}
