import type { FunctionRow, ModuleContents } from '@avow/views/contents';
import type { z } from 'zod';
import type { moduleFunction } from '../contract/modules.ts';

/** A place of code and the function that holds it, as answers have them. */
export interface CodePlace {
  readonly at: string;
  readonly place: string;
  readonly in?: z.output<typeof moduleFunction>;
}

export function hexOf(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** An address as it is shown: virtual, or an offset of WebAssembly. */
export function addressOf({ about }: ModuleContents, rva: number): string {
  return hexOf(BigInt(`0x${about.base}`) + BigInt(rva));
}

/** The end of a locator for an address. */
export function placeOf(contents: ModuleContents, rva: number): string {
  if (contents.about.kind !== 'wasm') return `@va:${addressOf(contents, rva)}`;
  const own = contents.functionAt(rva);
  if (own === undefined) return `@off:${hexOf(rva)}`;
  const func = contents.about.importedFunctions + own.index;
  return rva === own.start ? `@wasm:${func}` : `@wasm:${func}:${hexOf(rva)}`;
}

export function shownFunction(contents: ModuleContents, { start, end, name }: FunctionRow) {
  return {
    at: addressOf(contents, start),
    place: placeOf(contents, start),
    size: end - start,
    ...(name === '' ? {} : { name }),
  };
}

export function codePlace(contents: ModuleContents, rva: number): CodePlace {
  const own = contents.functionAt(rva);
  return {
    at: addressOf(contents, rva),
    place: placeOf(contents, rva),
    ...(own === undefined ? {} : { in: shownFunction(contents, own) }),
  };
}
