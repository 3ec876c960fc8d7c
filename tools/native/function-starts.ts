/**
 * How many function starts are found with less than the file tells:
 * node tools/native/function-starts.ts FILE… (ELF with symbols or .eh_frame).
 *
 * The truth is what symbols and unwind tables say together. Found are starts by
 * everything, by unwind tables without symbols, and by calls and entry points
 * alone, as in a stripped file without unwind tables.
 */
import { readFileSync } from 'node:fs';
import {
  type FunctionRanges,
  type NativeImage,
  type NativeSymbols,
  nativeKindOf,
  readNative,
  SymbolFlag,
  sectionAt,
  sweepCode,
} from '@avow/formats/native';

const NO_RANGES: FunctionRanges = {
  count: 0,
  start: new Float64Array(),
  end: new Float64Array(),
};
const NO_SYMBOLS: NativeSymbols = {
  count: 0,
  rva: new Float64Array(),
  size: new Float64Array(),
  flags: new Uint8Array(),
  nameOf: () => '',
  withPrefix: () => [],
};

const totals = new Map<string, { truth: number; found: number; right: number }>();

for (const path of process.argv.slice(2)) {
  const bytes = readFileSync(path);
  if (nativeKindOf(bytes) !== 'elf') continue;
  const { image } = readNative(bytes, 'elf')[0]!;
  const truth = trueStarts(image);
  if (truth.size === 0) continue;
  add('everything', image, truth);
  add('unwind tables', { ...image, symbols: NO_SYMBOLS }, truth);
  add('calls alone', { ...image, symbols: NO_SYMBOLS, functionRanges: NO_RANGES }, truth);
}
for (const [by, { truth, found, right }] of totals) {
  const percent = (part: number, whole: number) => ((100 * part) / whole).toFixed(2);
  console.log(
    `${by}: ${truth} starts, recall ${percent(right, truth)} %, precision ${percent(right, found)} %`,
  );
}

/** Sized functions and unwind ranges, but for stubs. */
function trueStarts(image: NativeImage): Set<number> {
  const { symbols, functionRanges } = image;
  const starts = new Set<number>();
  for (let at = 0; at < symbols.count; at += 1) {
    const isSized = symbols.size[at]! > 0 && (symbols.flags[at]! & SymbolFlag.function) !== 0;
    if (isSized) starts.add(symbols.rva[at]!);
  }
  for (let at = 0; at < functionRanges.count; at += 1) starts.add(functionRanges.start[at]!);
  return new Set([...starts].filter((rva) => isCode(image, rva)));
}

function isCode(image: NativeImage, rva: number): boolean {
  const section = sectionAt(image, rva);
  return section?.executable === true && !/plt/.test(section.name);
}

function add(by: string, image: NativeImage, truth: ReadonlySet<number>): void {
  const { functions } = sweepCode(image);
  const total = totals.get(by) ?? { truth: 0, found: 0, right: 0 };
  total.truth += truth.size;
  for (let at = 0; at < functions.count; at += 1) {
    const start = functions.start[at]!;
    if (!isCode(image, start)) continue;
    total.found += 1;
    if (truth.has(start)) total.right += 1;
  }
  totals.set(by, total);
}
