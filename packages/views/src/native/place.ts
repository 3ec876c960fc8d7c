import {
  type Functions,
  functionAt,
  type NativeImage,
  offsetOf,
  rvaOf,
  rvaOfVa,
  SymbolFlag,
  sectionAt,
  vaOf,
} from '@avow/formats/native';
import { encodeName, type Place } from '@avow/locator';

/** The RVA that a place names in an image; undefined where the image has no such place. */
export function rvaOfPlace(
  image: NativeImage,
  place: Place,
  sliceOffset: number,
): number | undefined {
  switch (place.kind) {
    case 'va':
      return rvaOfVa(image, place.address);
    case 'rva':
      return Number(place.address);
    case 'off':
      return rvaOf(image, Number(place.address) - sliceOffset);
    case 'sec': {
      const section = image.sections.find(
        ({ name }) => name === place.name || name.endsWith(`,${place.name}`),
      );
      return section && section.rva + Number(place.offset);
    }
    case 'sym': {
      const rva = symbolNamed(image, place.name);
      return rva === undefined ? undefined : rva + Number(place.offset ?? 0n);
    }
    case 'all':
      return image.entryPoints[0]?.rva ?? image.sections.find(({ executable }) => executable)?.rva;
    case 'il':
    case 'wasm':
    case 'line':
    case 'rec':
      return undefined;
    default:
      return place satisfies never;
  }
}

function symbolNamed(image: NativeImage, name: string): number | undefined {
  const { symbols } = image;
  for (let index = 0; index < symbols.count; index += 1) {
    const own = nameOf(image, index);
    if (own === name || own === `_${name}`) return symbols.rva[index];
  }
  return undefined;
}

/** A symbol's name; undefined for one that does not end. */
export function nameOf({ symbols }: NativeImage, index: number): string | undefined {
  try {
    return symbols.nameOf(index);
  } catch {
    return undefined;
  }
}

/** One place in every form that people write, as a locator has them. */
export function formsOf(
  image: NativeImage,
  functions: Functions,
  rva: number,
  sliceOffset: number,
): string[] {
  const offset = offsetOf(image, rva);
  const name = functionName(image, functions, rva);
  return printForms({
    va: vaOf(image, rva),
    rva,
    offset: offset === undefined ? undefined : offset + sliceOffset,
    section: sectionAt(image, rva),
    symbol:
      name === undefined ? undefined : { name, rva: functions.start[functionAt(functions, rva)]! },
  });
}

/** What a place is told by. */
export interface KnownPlace {
  readonly va: bigint;
  readonly rva: number;
  /** In the file. */
  readonly offset: number | undefined;
  readonly section: { readonly name: string; readonly rva: number } | undefined;
  /** The function that holds it. */
  readonly symbol: { readonly name: string; readonly rva: number } | undefined;
}

export function printForms({ va, rva, offset, section, symbol }: KnownPlace): string[] {
  const forms = [`@va:0x${va.toString(16)}`, `@rva:0x${rva.toString(16)}`];
  if (offset !== undefined) forms.push(`@off:0x${offset.toString(16)}`);
  if (section !== undefined) {
    forms.push(`@sec:${encodeName(section.name)}+0x${(rva - section.rva).toString(16)}`);
  }
  if (symbol !== undefined) {
    const within = rva - symbol.rva;
    forms.push(`@sym:${encodeName(symbol.name)}${within === 0 ? '' : `+0x${within.toString(16)}`}`);
  }
  return forms;
}

/** The symbol of the function that holds an RVA; undefined for the nameless. */
export function functionName(
  image: NativeImage,
  functions: Functions,
  rva: number,
): string | undefined {
  const index = functionAt(functions, rva);
  const symbol = index < 0 ? -1 : functions.symbol[index]!;
  return symbol < 0 ? undefined : nameOf(image, symbol);
}

/** Names by RVA, functions and data, of those that a reader of code may meet. */
export function namesByRva(image: NativeImage): Map<number, string> {
  const names = new Map<number, string>();
  for (let index = 0; index < image.symbols.count; index += 1) {
    const rva = image.symbols.rva[index]!;
    const isFunction = (image.symbols.flags[index]! & SymbolFlag.function) !== 0;
    if (names.has(rva) && !isFunction) continue;
    const name = nameOf(image, index);
    if (name !== undefined) names.set(rva, name);
  }
  return names;
}
