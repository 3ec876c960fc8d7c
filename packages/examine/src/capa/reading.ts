import type { StaticScope } from './rule/rule.ts';

/** Where a rule of someone else matched in a module of machine code. It depends on bytes, engine and rules alone. */
export interface CapaMatch {
  readonly rule: string;
  readonly namespace: string;
  readonly scope: StaticScope;
  /** VA of the function, block or instruction, lower-case hex; undefined for the file. */
  readonly address?: string;
  /** VA of the function around it. */
  readonly inside?: string;
  /** The function by name, or by the fingerprint of its code. */
  readonly within: readonly string[];
  /** What the match rests on, in the order of the rule. */
  readonly grounds: readonly CapaGround[];
  readonly attack: readonly string[];
  readonly mbc: readonly string[];
  /** Slice of a fat file. */
  readonly slice?: string;
  /** Runs when the module is loaded, by direct calls from what the loader starts. */
  readonly isLoaded: boolean;
}

/** `api socket` at a VA; without one where the file as a whole has it. */
export interface CapaGround {
  readonly what: string;
  readonly address?: string;
}

/** What rules of others say of one module. */
export interface CapaReading {
  readonly matches: readonly CapaMatch[];
  /** Matches beyond the limit of one rule. */
  readonly left: number;
  readonly functions: number;
  readonly instructions: number;
  /** What was not looked at: scopes of machines that are not decoded, code beyond the limits. */
  readonly unknowns: readonly { readonly code: string; readonly message: string }[];
}
