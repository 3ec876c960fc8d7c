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
    functions: findFunctions(image, ranges, calls, guessesOf(image, ranges, joins)),
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
): readonly number[] {
  const isX86 = image.architecture === 'x86' || image.architecture === 'x86-64';
  if (!isX86 || image.functionRanges.count > 0) return [];
  return ranges.flatMap((range) => guessStarts(image, range, joins));
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
  const byFunction = new Map<number, Map<number, number>>();
  for (let site = 0; site < code.sites.count; site += 1) {
    if (!isWanted(site)) continue;
    const index = functionAt(code.functions, code.sites.rva[site]!);
    const offset = offsetOf(image, code.sites.rva[site]!);
    if (index < 0 || offset === undefined) {
      visit({ site, values: [] });
      continue;
    }
    const wanted = byFunction.get(index) ?? new Map<number, number>();
    wanted.set(offset, site);
    byFunction.set(index, wanted);
  }
  for (const [index, wanted] of byFunction) visitFunction(image, code, index, wanted, visit);
}

function visitFunction(
  image: NativeImage,
  code: NativeCode,
  index: number,
  wanted: ReadonlyMap<number, number>,
  visit: (found: SiteArguments) => void,
): void {
  const rva = code.functions.start[index]!;
  const start = offsetOf(image, rva)!;
  // Nothing after the last site matters.
  const end = Math.max(...wanted.keys()) + 16;
  const limit = Math.min(end, start + code.functions.end[index]! - rva, image.bytes.length);
  const isSite = (at: number): boolean => wanted.has(at);
  if (image.architecture === 'aarch64') {
    walkAArch64(
      image.bytes,
      start,
      limit,
      rva - start + ADDRESS,
      code.joins,
      isSite,
      ({ at, registers }) => {
        const site = wanted.get(at)!;
        const isSystem = code.sites.target[site]! < 0;
        const values = Array.from(registers.subarray(0, 8));
        visit({ site, values: (isSystem ? [registers[8]!, ...values] : values).map(argumentOf) });
      },
    );
    return;
  }
  const is64 = image.bits === 64;
  const isWindows = image.format === 'pe';
  walkX86(
    image.bytes,
    start,
    limit,
    rva - start + ADDRESS,
    is64,
    isWindows,
    code.joins,
    isSite,
    (call) => {
      const site = wanted.get(call.at)!;
      const target = code.sites.target[site]!;
      const isGo = code.named[target - image.imports.length]?.isGo === true;
      const values =
        isGo && is64
          ? X86_64_GO.map((register) => call.registers[register]!)
          : x86Values(call, target < 0, is64, isWindows);
      visit({ site, values: values.map(argumentOf) });
    },
  );
}

function x86Values(
  call: { readonly registers: Float64Array; readonly pushed: readonly number[] },
  isSystem: boolean,
  is64: boolean,
  isWindows: boolean,
): readonly number[] {
  if (!is64) return isSystem ? [0, 3, 1, 2, 6, 7].map((one) => call.registers[one]!) : call.pushed;
  const order = isSystem ? X86_64_SYSTEM : isWindows ? X86_64_WINDOWS : X86_64_SYSV;
  return order.map((register) => call.registers[register]!);
}
