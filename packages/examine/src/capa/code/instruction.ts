import type { Exact } from '../match/asked.ts';

/** General registers by their number in encodings: eax is 0, esp 4, ebp 5, r15 15. */
export const ESP = 4;
export const EBP = 5;

/** No general register stands there. */
export const NO_REGISTER = -1;

/** How an instruction goes on. */
export type Going = 'on' | 'jump' | 'branch' | 'call' | 'end';

export type Operand =
  | {
      readonly kind: 'register';
      /** General register, whatever part of it; -1 for others. */
      readonly general: number;
      /** Any register, exactly: two operands are the same where these are. */
      readonly exact: number;
    }
  | { readonly kind: 'immediate'; readonly value: Exact; readonly bytes: 1 | 2 | 4 | 8 }
  | {
      readonly kind: 'memory';
      readonly base: number;
      readonly index: number;
      readonly scale: number;
      /** Signed. */
      readonly displacement: Exact;
      /** RVA, where neither base nor index are added. */
      readonly address: number | undefined;
      readonly segment: 'fs' | 'gs' | undefined;
    }
  /** Where a branch or call goes: an RVA. */
  | { readonly kind: 'target'; readonly rva: number }
  /** Implicit memory of string instructions, far addresses. */
  | { readonly kind: 'other' };

/** One decoded instruction. */
export interface Instruction {
  readonly rva: number;
  readonly length: number;
  /** Lower case, Intel's. */
  readonly mnemonic: string;
  readonly operands: readonly Operand[];
  readonly going: Going;
  /** RVA of a direct branch or call. */
  readonly target: number | undefined;
}

export type Memory = Extract<Operand, { readonly kind: 'memory' }>;
