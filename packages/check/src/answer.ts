import type { Digest } from '@avow/bytes';

/**
 * What can be wrong, the gravest first; the first that is found is the answer.
 * A fork is graver than an altered copy: the log itself told two stories.
 */
export const FAULT_KINDS = [
  'fork',
  'altered',
  'not-logged',
  'verdict',
  'gap',
  'undeclared',
  'stale',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** For people: what, and what was expected. */
  readonly message: string;
  /** The member or record that it is about. */
  readonly where?: string;
}

/** Evidence of a fork: two signed statements that cannot both be true of one log. */
export interface ForkEvidence {
  readonly schema: 'avow.fork/1';
  readonly origin: string;
  /** Both checkpoint notes as they were signed, the one seen before first. */
  readonly notes: readonly [string, string];
  /** The consistency proof that does not hold between them, in base64. */
  readonly proof: readonly string[];
}

/** What was held against the log, and what came of it. */
export interface CheckResult {
  readonly schema: 'avow.check/1';
  readonly product: string;
  readonly channel: string;
  readonly answer: FaultKind | 'good';
  readonly faults: readonly Fault[];
  /** What could not be checked, and why: never counted as good. */
  readonly notChecked: readonly string[];
  readonly entry?: {
    readonly log: string;
    readonly index: string;
    readonly type: string;
    readonly number: number;
    readonly version?: string;
    readonly digest: Digest;
  };
  readonly witnesses: readonly string[];
  /** Seconds since 1970 of the latest cosignature, in decimal. */
  readonly witnessedAt?: string;
  readonly members?: number;
  readonly fork?: ForkEvidence;
}

export function answerOf(faults: readonly Fault[]): CheckResult['answer'] {
  return FAULT_KINDS.find((kind) => faults.some((fault) => fault.kind === kind)) ?? 'good';
}
