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
import { type Place, printPlace } from '@avow/locator';
import { type HexRow, hexAround } from '../hex.ts';
import { instructionsOf } from './instructions.ts';
import { type CodeLine, type Names, notedLines } from './lines.ts';
import { formsOf, functionName, namesByRva, rvaOfPlace } from './place.ts';

/** Bytes of code shown on each side where no function is known, an instruction's length each. */
const BYTES_A_LINE = 8;
/** The longest instruction of x86 has 15 bytes. */
const LONGEST = 16;

/** A place of machine code, found in its module. */
export interface NativePlace {
  readonly place: Place;
  readonly slice: NativeSlice;
  readonly code: NativeCode;
  readonly rva: number;
  /** In the file, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The same place in every form. */
  readonly forms: readonly string[];
  /** The function that holds it; undefined between functions. */
  readonly within?: {
    readonly name: string | undefined;
    /** Fingerprint of its code. */
    readonly print: string | undefined;
    readonly start: number;
    readonly end: number;
  };
}

/**
 * Finds a place of machine code. `slice` is the name of a fat file's slice, as
 * the locator's path ends. Refuses `locate.outside` for a place that the module
 * does not have, `locate.slice` where a slice has to be named, and as the
 * module's reader does.
 */
export function nativePlace(
  place: Place,
  bytes: Uint8Array,
  wanted: string | undefined,
): NativePlace {
  const slice = sliceOf(bytes, wanted);
  const { image, offset } = slice;
  const rva = rvaOfPlace(image, place, offset);
  const at = rva === undefined ? undefined : offsetOf(image, rva);
  if (rva === undefined || at === undefined) {
    throw new Refused(
      'locate.outside',
      undefined,
      `the module has no bytes at ${printPlace(place)}`,
    );
  }
  const code = sweepCode(image);
  const index = functionAt(code.functions, rva);
  const [start, end] = [code.functions.start[index]!, code.functions.end[index]!];
  return {
    place,
    slice,
    code,
    rva,
    offset: offset + at,
    length: 'length' in place ? (place.length ?? 1) : 1,
    forms: formsOf(image, code.functions, rva, offset),
    ...(index < 0
      ? {}
      : {
          within: {
            name: functionName(image, code.functions, rva),
            print: fingerprintOf(image, start, end),
            start,
            end,
          },
        }),
  };
}

/** The virtual addresses of the function around a place, the second behind its end. */
export function rangeOf({ slice, within, rva }: NativePlace): readonly [bigint, bigint] {
  const [start, end] = within === undefined ? [rva, rva + 1] : [within.start, within.end];
  return [vaOf(slice.image, start), vaOf(slice.image, end)];
}

function sliceOf(bytes: Uint8Array, wanted: string | undefined): NativeSlice {
  const slices = readNative(bytes, nativeKindOf(bytes)!);
  const found = slices.find(({ slice }) => slice !== undefined && slice === wanted);
  if (found !== undefined || slices.length === 1) return found ?? slices[0]!;
  const names = slices.map(({ slice }) => `!/${slice}`).join(' or ');
  throw new Refused('locate.slice', undefined, `the file has slices; add ${names} to its path`);
}

/**
 * Lines of code around a place, from the start of its function so that they are
 * decoded in step; undefined for machines that are not disassembled.
 */
export async function codeAround(
  { slice: { image }, code, within, rva }: NativePlace,
  context: number,
): Promise<CodeLine[] | undefined> {
  const start = within?.start ?? rva;
  const end = within === undefined ? rva + BYTES_A_LINE * context : rva + (context + 2) * LONGEST;
  const offset = offsetOf(image, start);
  if (offset === undefined) return undefined;
  const all = await instructionsOf(
    image,
    start,
    image.bytes.subarray(offset, offset + end - start),
  );
  const at = all?.findIndex((one) => rva < one.rva + one.length) ?? -1;
  const shown = all?.slice(Math.max(0, at - context), at + context + 1);
  return shown && notedLines(shown, namesOf(image, code));
}

function namesOf(image: NativeImage, { sites }: NativeCode): Names {
  const names = namesByRva(image);
  const imports = new Map<number, string | undefined>();
  for (let site = 0; site < sites.count; site += 1) {
    const target = sites.target[site]!;
    imports.set(sites.rva[site]!, target < 0 ? undefined : image.imports[target]!.name);
  }
  return {
    importAt: (rva) => (imports.has(rva) ? { name: imports.get(rva) } : undefined),
    nameAt: (rva) => names.get(rva),
    textAt: (rva) => textAt(image, rva),
  };
}

/** Rows of the file around a place. */
export function bytesAround(
  { offset, length }: NativePlace,
  bytes: Uint8Array,
  context: number,
): HexRow[] {
  return hexAround(bytes, offset, length, context);
}
