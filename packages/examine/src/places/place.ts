import type { Place, Position } from '@avow/locator';

/** A function of a module, by its own name or by that of what holds it; empty for a nameless one. */
export interface PlacedFunction {
  readonly name: string;
  readonly start: LinePosition;
  readonly end: LinePosition;
}

export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a place is in its module, counted so that all kinds of places of one
 * module can be held against each other: RVAs of machine code, bytes from the
 * start of the file for WebAssembly and CIL.
 */
export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Its first byte in the file, and its RVA in an image. */
  readonly offset?: number;
  readonly rva?: number;
  /** The function around it. */
  readonly within?: { readonly start: number; readonly end: number };
}

export type FoundPlace =
  | { readonly state: 'here'; readonly span: Span }
  /** The module has no code there. */
  | { readonly state: 'outside'; readonly says: string; readonly near: readonly string[] }
  /** It has no symbol, section or function of that name. */
  | { readonly state: 'no-name'; readonly says: string; readonly names: readonly string[] };

/** What is asked about the modules of one product. */
export interface Places {
  /** UTF-16 code units of each line of a text; undefined for a file that is none. */
  lineLengths(path: string): readonly number[] | undefined;
  /** Functions of a script; undefined for other files and for what does not parse. */
  functionsOf(path: string): readonly PlacedFunction[] | undefined;
  /** A byte offset in a script as line and column; undefined beyond its end and in other files. */
  positionOf(path: string, offset: bigint): Position | undefined;
  /** Slices of a fat Mach-O file, as `!/` names them. */
  slicesOf(path: string): readonly string[];
  /** Where a place is in machine code, WebAssembly or CIL; undefined for other files and what is not read. */
  find(path: string, place: Place): FoundPlace | undefined;
  /**
   * Why nothing of the product comes to this place: a function that nothing
   * refers to, a file that nothing names. Undefined where something may, and
   * where it cannot be told.
   */
  unreached(path: string, at: Place): string | undefined;
}

/** Bytes within a function. */
export function here(at: number, length: number, start: number, end: number): FoundPlace {
  const span = { start: at, end: at + length, offset: at, within: { start, end } };
  return { state: 'here', span };
}
