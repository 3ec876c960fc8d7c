import { shownFeature } from './feature.ts';
import { textPattern } from './patterns.ts';
import type { RuleFeature, Statement } from './rule.ts';

/**
 * What is known of a feature in machine code: it is looked for; it cannot be
 * there (what only managed code and runs of a program have); or we do not look,
 * so that neither its presence nor its absence is known.
 */
export type Standing = 'sought' | 'absent' | 'not-sought';

/** Characteristics that are sought. */
const SOUGHT: ReadonlySet<string> = new Set([
  'embedded pe',
  'forwarded export',
  'loop',
  'recursive call',
  'calls from',
  'calls to',
  'tight loop',
  'stack string',
  'nzxor',
  'peb access',
  'fs access',
  'gs access',
  'cross section flow',
  'indirect call',
  'call $+5',
]);

/** Of managed code alone. */
const MANAGED: ReadonlySet<string> = new Set(['unmanaged call', 'mixed mode']);

export function standingOf(feature: RuleFeature): Standing {
  switch (feature.kind) {
    case 'class':
    case 'namespace':
    case 'property':
      return 'absent';
    case 'characteristic':
      if (SOUGHT.has(feature.value)) return 'sought';
      return MANAGED.has(feature.value) ? 'absent' : 'not-sought';
    case 'format':
      return feature.value === 'dotnet' ? 'absent' : 'sought';
    case 'api':
    case 'import':
      // `System.IO.File::Exists` is a method of managed code.
      return /^[A-Z][\w.]*::\w+$/.test(feature.value) ? 'absent' : 'sought';
    case 'regex':
      return textPattern(feature.value, feature.ignoresCase) === undefined
        ? 'not-sought'
        : 'sought';
    default:
      return 'sought';
  }
}

/** Whether a statement can come out true, and whether it can come out false, in machine code. */
interface Outcomes {
  readonly canHold: boolean;
  readonly canFail: boolean;
}

const EITHER: Outcomes = { canHold: true, canFail: true };
const FAILS: Outcomes = { canHold: false, canFail: true };
const UNKNOWN: Outcomes = { canHold: false, canFail: false };

/** What other rules are good for: by name or namespace. */
export type MatchStanding = (name: string) => Standing;

/** Whether a rule can match at all in machine code, and which of its features are not sought there. */
export interface Support {
  readonly canMatch: boolean;
  /** For people, in order, each once. */
  readonly lacks: readonly string[];
}

export function supportOf(statement: Statement, matches: MatchStanding): Support {
  const lacks = new Set<string>();
  const { canHold } = outcomesOf(statement, matches, lacks);
  return { canMatch: canHold, lacks: [...lacks] };
}

function outcomesOf(statement: Statement, matches: MatchStanding, lacks: Set<string>): Outcomes {
  const of = (child: Statement): Outcomes => outcomesOf(child, matches, lacks);
  switch (statement.kind) {
    case 'and':
      return all(statement.children.map(of));
    case 'or':
      return turned(all(statement.children.map(of).map(turned)));
    case 'not':
      return turned(of(statement.child));
    case 'some': {
      const children = statement.children.map(of);
      const holding = children.filter(({ canHold }) => canHold).length;
      const fixed = children.filter(({ canFail }) => !canFail).length;
      return { canHold: holding >= statement.least, canFail: fixed < statement.least };
    }
    case 'within': {
      if (statement.scope !== 'process' && statement.scope !== 'thread') return of(statement.child);
      lacks.add(`${statement.scope} scope`);
      return FAILS;
    }
    case 'count': {
      const standing = knownOf(statement.feature, matches, lacks);
      if (standing === 'sought') return EITHER;
      if (standing === 'not-sought') return UNKNOWN;
      return statement.least === 0 ? turned(FAILS) : FAILS;
    }
    case 'feature': {
      const standing = knownOf(statement.feature, matches, lacks);
      return standing === 'sought' ? EITHER : standing === 'absent' ? FAILS : UNKNOWN;
    }
    default:
      return statement satisfies never;
  }
}

function knownOf(feature: RuleFeature, matches: MatchStanding, lacks: Set<string>): Standing {
  const standing = feature.kind === 'match' ? matches(feature.value) : standingOf(feature);
  if (standing !== 'sought') lacks.add(shownFeature(feature));
  return standing;
}

function all(outcomes: readonly Outcomes[]): Outcomes {
  return {
    canHold: outcomes.every(({ canHold }) => canHold),
    canFail: outcomes.some(({ canFail }) => canFail),
  };
}

function turned({ canHold, canFail }: Outcomes): Outcomes {
  return { canHold: canFail, canFail: canHold };
}
