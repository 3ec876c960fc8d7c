import { Refused } from '@avow/bytes';
import {
  fingerprintOf,
  functionAt,
  type NativeCode,
  type NativeImage,
  type NativeSlice,
  nativeKindOf,
  offsetOf,
  readNative,
  sweepCode,
  textAt,
  vaOf,
} from '@avow/formats/native';
import { type Locator, printPlace } from '@avow/locator';
import { memberPathOf } from '../render/place.ts';
import { shown } from '../render/shown.ts';
import { styled, type Terminal } from '../render/terminal.ts';
import { bytesView } from './bytes.ts';
import { instructionsOf, type ShownInstruction } from './native-instructions.ts';
import { formsOf, functionName, namesByRva, rvaOfPlace } from './native-place.ts';

/** Bytes of code shown on each side where no function is known, an instruction's length each. */
const BYTES_A_LINE = 8;

/** What else is known of the function at virtual addresses from the first to before the second. */
export type TellFunction = (range: readonly [bigint, bigint]) => Promise<readonly string[]>;

/**
 * A place of machine code: disassembly with symbols and texts, the function,
 * the bytes, and the same place in every form.
 *
 * Refuses `locate.outside` for a place that the module does not have, and as
 * the module's reader does.
 */
export async function nativeView(
  locator: Locator,
  bytes: Uint8Array,
  context: number,
  terminal: Terminal,
  tellFunction: TellFunction = () => Promise.resolve([]),
): Promise<string[]> {
  const slice = sliceOf(locator, bytes);
  const { image, offset } = slice;
  const rva = rvaOfPlace(image, locator.place, offset);
  const at = rva === undefined ? undefined : offsetOf(image, rva);
  if (rva === undefined || at === undefined) {
    throw new Refused(
      'locate.outside',
      undefined,
      `the module has no bytes at ${printPlace(locator.place)}`,
    );
  }
  const code = sweepCode(image);
  const lines = [...headOf(slice, code, rva), ''];
  const told = await tellFunction(functionRange(image, code, rva));
  if (told.length > 0) lines.push(...told, '');
  const instructions = await around(image, code, rva, context);
  const length = 'length' in locator.place ? (locator.place.length ?? 1) : 1;
  if (instructions !== undefined) {
    lines.push(...codeLines(image, code, instructions, rva, length, terminal), '');
  }
  lines.push(...bytesView(bytes, offset + at, length, 1));
  return lines;
}

function functionRange(
  image: NativeImage,
  { functions }: NativeCode,
  rva: number,
): readonly [bigint, bigint] {
  const index = functionAt(functions, rva);
  if (index < 0) return [vaOf(image, rva), vaOf(image, rva) + 1n];
  return [vaOf(image, functions.start[index]!), vaOf(image, functions.end[index]!)];
}

function sliceOf(locator: Locator, bytes: Uint8Array): NativeSlice {
  const slices = readNative(bytes, nativeKindOf(bytes)!);
  const wanted = memberPathOf(locator)?.split('!/').at(-1);
  const found = slices.find(({ slice }) => slice !== undefined && slice === wanted);
  if (found !== undefined || slices.length === 1) return found ?? slices[0]!;
  const names = slices.map(({ slice }) => `!/${slice}`).join(' or ');
  throw new Refused('locate.slice', undefined, `the file has slices; add ${names} to its path`);
}

function headOf({ image, offset }: NativeSlice, code: NativeCode, rva: number): string[] {
  const { functions } = code;
  const index = functionAt(functions, rva);
  const name = functionName(image, functions, rva);
  const print =
    index < 0 ? undefined : fingerprintOf(image, functions.start[index]!, functions.end[index]!);
  const range =
    index < 0
      ? 'between functions'
      : `${functions.end[index]! - functions.start[index]!} bytes from RVA 0x${functions.start[index]!.toString(16)}`;
  const lines = [
    `${image.format} for ${image.machine}, ${image.bits} bits${image.buildId === undefined ? '' : `, build id ${image.buildId}`}`,
    `function ${[name, print && `code:${print}`, range].filter(Boolean).join(', ')}`,
    formsOf(image, functions, rva, offset).join('  '),
  ];
  return lines.map(shown);
}

/** Instructions around a place, from the start of its function so that they are decoded in step. */
async function around(
  image: NativeImage,
  code: NativeCode,
  rva: number,
  context: number,
): Promise<ShownInstruction[] | undefined> {
  const { functions } = code;
  const index = functionAt(functions, rva);
  const start = index < 0 ? rva : functions.start[index]!;
  const end = rva + (context + 2) * 16;
  const all = await instructionsOf(image, start, index < 0 ? rva + BYTES_A_LINE * context : end);
  const at = all?.findIndex((one) => rva < one.rva + one.length) ?? -1;
  return all?.slice(Math.max(0, at - context), at + context + 1);
}

function codeLines(
  image: NativeImage,
  code: NativeCode,
  instructions: readonly ShownInstruction[],
  rva: number,
  length: number,
  terminal: Terminal,
): string[] {
  const names = namesByRva(image);
  const imports = new Map<number, string>();
  for (let site = 0; site < code.sites.count; site += 1) {
    const target = code.sites.target[site]!;
    imports.set(code.sites.rva[site]!, target < 0 ? 'the system' : image.imports[target]!.name);
  }
  return instructions.map((one) => {
    const isPlace = one.rva < rva + length && one.rva + one.length > rva;
    const address = `0x${(image.base + BigInt(one.rva)).toString(16)}`;
    const note = noteOf(image, names, imports, one);
    const text = `${isPlace ? '>' : ' '} ${address}  ${one.text.padEnd(40)}${note}`.trimEnd();
    return isPlace ? styled(terminal, 'yellow', shown(text)) : shown(text);
  });
}

function noteOf(
  image: NativeImage,
  names: ReadonlyMap<number, string>,
  imports: ReadonlyMap<number, string>,
  { rva, refersTo }: ShownInstruction,
): string {
  const imported = imports.get(rva);
  if (imported !== undefined) return `; ${imported}`;
  if (refersTo === undefined) return '';
  const name = names.get(refersTo);
  if (name !== undefined) return `; ${name}`;
  const text = textAt(image, refersTo);
  return text === undefined ? '' : `; ${JSON.stringify(text.slice(0, 60))}`;
}
