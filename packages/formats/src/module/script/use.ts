import { Flag } from './kinds.ts';

/** How a pattern or expression is used: it decides the flags of the names in it. */
export const Use = { Read: 0, Declare: 1, Write: 2, ReadWrite: 3 } as const;
export type Use = (typeof Use)[keyof typeof Use];

/** Flags of an identifier or member, by its use. */
export const USE_FLAGS: readonly number[] = [
  Flag.Reads,
  Flag.Declares,
  Flag.Writes,
  Flag.Reads | Flag.Writes,
];
