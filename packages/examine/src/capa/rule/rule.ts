/**
 * Rules in capa's language, as read: what a rule says, not yet what it means
 * for a module.
 *
 * Source: the rule format of capa (mandiant/capa-rules, doc/format.md, 9.x).
 */

/** Where features are gathered; a wider scope has what the narrower ones in it have. */
export const STATIC_SCOPES = ['file', 'function', 'basic block', 'instruction'] as const;

/** Scopes of a run. `call` and `span of calls` have a meaning in code too: a call site, and sites that follow one another. */
export const DYNAMIC_SCOPES = ['file', 'process', 'thread', 'span of calls', 'call'] as const;

export type StaticScope = (typeof STATIC_SCOPES)[number];
export type CallScope = 'span of calls' | 'call';

/** Scopes that we match in. */
export type Scope = StaticScope | CallScope;

/** Scopes that only a run of the program has. */
export type RunScope = 'process' | 'thread';

/** Features that are a name. */
export const NAME_KINDS = [
  'api',
  'import',
  'export',
  'function-name',
  'section',
  'mnemonic',
  'characteristic',
  'string',
  'substring',
  'os',
  'arch',
  'format',
  'match',
  'class',
  'namespace',
  'property',
] as const;

export type NameKind = (typeof NAME_KINDS)[number];

/** One thing that a rule asks for. */
export type RuleFeature =
  | { readonly kind: NameKind; readonly value: string }
  /** In Python's syntax, found anywhere in a string; `.` stands for any character. */
  | { readonly kind: 'regex'; readonly value: string; readonly ignoresCase: boolean }
  /** Lower-case hex: how referenced bytes begin. */
  | { readonly kind: 'bytes'; readonly value: string }
  /** Decimal, perhaps negative; `bits` where the rule holds for one size of address alone. */
  | {
      readonly kind: 'number' | 'offset';
      readonly value: string;
      readonly bits?: 32 | 64;
      /** Operand that it must be, from 0. */
      readonly operand?: number;
    }
  /** A block of a function; only counted. */
  | { readonly kind: 'basic blocks' };

export type Statement =
  | { readonly kind: 'and' | 'or'; readonly children: readonly Statement[] }
  | { readonly kind: 'not'; readonly child: Statement }
  /** `N or more`; `optional` is none or more. */
  | { readonly kind: 'some'; readonly least: number; readonly children: readonly Statement[] }
  /** How many places have the feature, both bounds included. */
  | {
      readonly kind: 'count';
      readonly feature: RuleFeature;
      readonly least: number;
      readonly most?: number;
    }
  | { readonly kind: 'within'; readonly scope: Scope | RunScope; readonly child: Statement }
  | { readonly kind: 'feature'; readonly feature: RuleFeature };

/** One rule. */
export interface CapaRule {
  readonly name: string;
  /** Empty where the rule has none: such rules only serve others. */
  readonly namespace: string;
  readonly scope: StaticScope;
  /** A building block of other rules, not told as a match. */
  readonly isLibrary: boolean;
  /** Technique ids: `T1095`. */
  readonly attack: readonly string[];
  /** Behaviour ids of the Malware Behavior Catalog: `C0001.011`. */
  readonly mbc: readonly string[];
  /** Samples that it must match, with the address where it says so: `name:0x401000`. */
  readonly examples: readonly string[];
  /** File in the folder of rules, with the line of the rule's name. */
  readonly file: string;
  readonly line: number;
  readonly statement: Statement;
}

/** Something wrong with a rule's text; lines and columns from 1. */
export interface RuleFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
