import { type Digest, digestOf, Refused } from '@avow/bytes';
import { namespacesAbove } from './namespaces.ts';
import { readCapaRule } from './read.ts';
import type { CapaRule, RuleFault } from './rule.ts';
import { type Standing, supportOf } from './support.ts';

/** More rules than any folder has: the public one has a thousand. */
const MAX_RULES = 20_000;

/** A text of a folder of rules. */
export interface RuleFile {
  /** From the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A rule that is not matched, or not by all that it asks for. */
export interface UnsupportedRule {
  readonly name: string;
  readonly file: string;
  /** `partly`: by other alternatives it can still match. */
  readonly state: 'unsupported' | 'partly';
  readonly lacks: readonly string[];
}

/** A folder of rules, read. It is plain data, and travels as JSON to whoever matches. */
export interface CapaRules {
  readonly schema: 'avow.capa-rules/1';
  /** Over the paths and texts of its files. */
  readonly digest: Digest;
  /** Rules that can match in machine code, each after those that it builds on. */
  readonly rules: readonly CapaRule[];
  /** By name. */
  readonly unsupported: readonly UnsupportedRule[];
  /** Files that could not be read, by path. */
  readonly faults: readonly RuleFault[];
}

/**
 * Reads a folder of rules in capa's language. What a file lacks is listed, and
 * the others are read. Refuses `capa.no-rules` when no file holds a rule, and
 * `capa.too-many` above 20,000.
 */
export function readCapaRules(files: readonly RuleFile[]): CapaRules {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted.length > MAX_RULES) {
    throw new Refused('capa.too-many', undefined, `${sorted.length} files, above ${MAX_RULES}`);
  }
  const read: CapaRule[] = [];
  const faults: RuleFault[] = [];
  const unsupported: UnsupportedRule[] = [];
  const known = new Map<string, CapaRule>();
  for (const { path, text } of sorted) {
    const found = readCapaRule(path, text);
    if ('fault' in found) faults.push(found.fault);
    else if ('onlyRun' in found) {
      const lacks = ['a run of the program'];
      unsupported.push({ name: found.onlyRun, file: path, state: 'unsupported', lacks });
    } else if (known.has(found.rule.name)) {
      const { file } = known.get(found.rule.name)!;
      const message = `a second rule of this name: the first is in ${file}`;
      faults.push({ file: path, line: found.rule.line, column: 1, message });
    } else {
      known.set(found.rule.name, found.rule);
      read.push(found.rule);
    }
  }
  if (read.length === 0) {
    throw new Refused('capa.no-rules', undefined, firstFault(faults, sorted.length));
  }
  const { rules, lacking } = supportedOf(read, known);
  unsupported.push(...lacking);
  unsupported.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    schema: 'avow.capa-rules/1',
    digest: digestOf(sorted.map(({ path, text }) => `${path} ${digestOf(text)}`).join('\n')),
    rules,
    unsupported,
    faults,
  };
}

function firstFault(faults: readonly RuleFault[], files: number): string {
  const [first] = faults;
  return first === undefined
    ? `none in ${files} files`
    : `${first.file}:${first.line}:${first.column}: ${first.message}`;
}

/** Rules in the order in which they build on one another, and those that cannot be matched. */
function supportedOf(
  read: readonly CapaRule[],
  known: ReadonlyMap<string, CapaRule>,
): { readonly rules: CapaRule[]; readonly lacking: UnsupportedRule[] } {
  const spaces = namespacesOf(read);
  const rules: CapaRule[] = [];
  const lacking: UnsupportedRule[] = [];
  const standings = new Map<CapaRule, Standing | 'open'>();
  const standingOf = (rule: CapaRule): Standing => {
    const met = standings.get(rule);
    // A rule that builds on itself matches nothing that can be told.
    if (met !== undefined) return met === 'open' ? 'not-sought' : met;
    standings.set(rule, 'open');
    const isTried = new Set<string>();
    const { canMatch, lacks } = supportOf(rule.statement, (name) => {
      isTried.add(name);
      const group = spaces.get(name);
      if (group !== undefined) return combined(group.filter((one) => one !== rule).map(standingOf));
      const one = known.get(name);
      return one === undefined ? 'not-sought' : standingOf(one);
    });
    const standing = canMatch ? 'sought' : isManaged(lacks) ? 'absent' : 'not-sought';
    standings.set(rule, standing);
    const { name, file } = rule;
    if (canMatch) rules.push(rule);
    if (lacks.length > 0 || !canMatch) {
      lacking.push({ name, file, state: canMatch ? 'partly' : 'unsupported', lacks });
    }
    return standing;
  };
  for (const rule of read) standingOf(rule);
  return { rules, lacking };
}

/** A namespace is as good as the best of its rules. */
function combined(standings: readonly Standing[]): Standing {
  if (standings.includes('sought')) return 'sought';
  return standings.includes('not-sought') ? 'not-sought' : 'absent';
}

/** Whether nothing is missing but what machine code cannot have. */
function isManaged(lacks: readonly string[]): boolean {
  return lacks.every((lack) => /^(?:class|namespace|property|format|api|import) /.test(lack));
}

/** Rules by namespace, and by every namespace above it. */
function namespacesOf(rules: readonly CapaRule[]): ReadonlyMap<string, readonly CapaRule[]> {
  const spaces = new Map<string, CapaRule[]>();
  for (const rule of rules) {
    for (const space of namespacesAbove(rule.namespace)) {
      const group = spaces.get(space) ?? [];
      group.push(rule);
      spaces.set(space, group);
    }
  }
  return spaces;
}
