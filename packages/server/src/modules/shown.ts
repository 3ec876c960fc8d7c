import type { FunctionRow } from '@avow/views/contents';

/** Bytes that are read to show code: what a function of any compiler has. */
export const MAX_WINDOW = 1 << 20;
/** Bytes that one line takes at the most: the longest instruction of x86 has 15. */
export const LINE_BYTES = 16;

/** Where code is shown from: a place, and in its function the address that the page begins at. */
export interface Shown {
  /** The place itself. */
  readonly rva: number;
  readonly within: FunctionRow | undefined;
  /** Address that is decoded from, and how deep in blocks it is. */
  readonly from: number;
  readonly depth: number;
  /** And the one behind the last byte of the code. */
  readonly end: number;
}
