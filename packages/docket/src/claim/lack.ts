import type { ReasonCode } from './reasons.ts';

/** One thing that keeps a claim from being considered, with what may have been meant. */
export interface Lack {
  readonly reason: ReasonCode;
  /** What was looked for, and what is there instead. */
  readonly says: string;
  readonly candidates: readonly string[];
}

/** Candidates of each kind that are listed. */
export const MAX_CANDIDATES = 5;

export function lack(reason: ReasonCode, says: string, candidates: readonly string[]): Lack {
  return { reason, says, candidates: candidates.slice(0, MAX_CANDIDATES) };
}
