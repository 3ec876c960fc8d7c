import {
  type Entry,
  entryOf,
  FaultAt,
  listOf,
  mapOf,
  type Part,
  PlacedFault,
  readDocument,
  wordOf,
} from './document.ts';
import { FeatureFault, featureStatement } from './feature.ts';
import {
  type CapaRule,
  DYNAMIC_SCOPES,
  type RuleFault,
  type Scope,
  STATIC_SCOPES,
  type Statement,
  type StaticScope,
} from './rule.ts';

/** A rule file is a page; beyond this it is none. */
const MAX_RULE_CHARACTERS = 200_000;

/** What became of a file: its rule, why it has none for code, or what is wrong with it. */
export type ReadRule =
  | { readonly rule: CapaRule }
  /** A rule for the record of a run alone. */
  | { readonly onlyRun: string }
  | { readonly fault: RuleFault };

/** Reads one rule. What is wrong with it is a value, with its line and column. */
export function readCapaRule(file: string, text: string): ReadRule {
  if (text.length > MAX_RULE_CHARACTERS) {
    const message = `a rule of ${text.length} characters, above ${MAX_RULE_CHARACTERS}`;
    return { fault: { file, line: 1, column: 1, message } };
  }
  try {
    const document = readDocument(text);
    try {
      return ruleOf(file, document.root, (offset) => document.at(offset).line);
    } catch (fault) {
      if (!(fault instanceof FaultAt)) throw fault;
      throw new PlacedFault(document.at(fault.at), fault.message);
    }
  } catch (fault) {
    if (fault instanceof PlacedFault) return { fault: fault.in(file) };
    throw fault;
  }
}

/** Whether a text is a rule in this language, by its first key. */
export function looksLikeCapaRule(text: string): boolean {
  return /^(?:#[^\n]*\n|[^\S\n]*\n)*rule:[^\S\n]*(?:#[^\n]*)?\n\s+meta:/.test(text);
}

function ruleOf(file: string, root: Part, lineAt: (offset: number) => number): ReadRule {
  const top = mapOf(root, 'a rule file', 0);
  const rule = mapOf(entryOf(top, 'rule'), 'rule', root.at);
  const metaPart = entryOf(rule, 'meta');
  const meta = mapOf(metaPart, 'meta', root.at);
  const near = metaPart!.at;
  const namePart = entryOf(meta, 'name');
  const name = wordOf(namePart, 'name', near).trim();
  if (name === '') throw new FaultAt(near, 'a rule without a name');
  const scope = scopeOf(meta, near);
  if (scope === undefined) return { onlyRun: name };
  const features = listOf(entryOf(rule, 'features'), 'features', near);
  if (features.length !== 1) {
    throw new FaultAt(features[1]?.at ?? near, 'features are to be one statement at the top');
  }
  const texts = (key: string): readonly string[] => {
    const part = entryOf(meta, key);
    return part === undefined
      ? []
      : listOf(part, key, near).map((item) => wordOf(item, key, part.at));
  };
  return {
    rule: {
      name,
      namespace: wordOf(entryOf(meta, 'namespace') ?? NO_TEXT, 'namespace', near).replace(
        /\/$/,
        '',
      ),
      scope,
      isLibrary: wordOf(entryOf(meta, 'lib') ?? NO_TEXT, 'lib', near).toLowerCase() === 'true',
      attack: texts('att&ck').flatMap(idsOf),
      mbc: texts('mbc').flatMap(idsOf),
      examples: texts('examples'),
      file,
      line: lineAt(namePart!.at),
      statement: statementOf(features[0]!, scope),
    },
  };
}

const NO_TEXT: Part = { kind: 'text', at: 0, text: '' };

/** The id in brackets at the end: `Discovery::Query Registry [T1012]`. */
function idsOf(text: string): string[] {
  const id = /\[([\w.]+)\]\s*$/.exec(text)?.[1];
  return id === undefined ? [] : [id];
}

/** The scope in code; undefined for a rule that is about runs alone. */
function scopeOf(meta: readonly Entry[], near: number): StaticScope | undefined {
  const part = entryOf(meta, 'scopes');
  const scopes = mapOf(part, 'scopes', near);
  const dynamic = wordOf(entryOf(scopes, 'dynamic') ?? UNSUPPORTED, 'dynamic', part!.at);
  if (dynamic !== 'unsupported' && !isOneOf(DYNAMIC_SCOPES, dynamic)) {
    throw new FaultAt(part!.at, `no dynamic scope is called ${dynamic}`);
  }
  const scope = wordOf(entryOf(scopes, 'static') ?? UNSUPPORTED, 'static', part!.at);
  if (scope === 'unsupported') return undefined;
  if (isOneOf(STATIC_SCOPES, scope)) return scope;
  throw new FaultAt(part!.at, `no static scope is called ${scope}`);
}

const UNSUPPORTED: Part = { kind: 'text', at: 0, text: 'unsupported' };

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

/** Narrower scopes may stand within wider ones. */
const WITHIN: readonly string[] = [
  'function',
  'basic block',
  'instruction',
  'process',
  'thread',
  'span of calls',
  'call',
];

function statementOf(part: Part, scope: Scope | string): Statement {
  const entries = mapOf(part, 'a statement', part.at);
  const own = entries.filter(({ key }) => key !== 'description');
  const [entry] = own;
  if (entry === undefined) throw new FaultAt(part.at, 'a statement that says nothing');
  if (own.length > 1) throw new FaultAt(own[1]!.at, `a second statement beside ${entry.key}`);
  const { key, value, at } = entry;
  if (key === 'and' || key === 'or') return { kind: key, children: childrenOf(value, key, scope) };
  const least = key === 'optional' ? 0 : leastOf(key);
  if (least !== undefined) {
    return { kind: 'some', least, children: childrenOf(value, key, scope) };
  }
  if (key === 'not') return { kind: 'not', child: onlyChild(value, key, scope) };
  if (isSubscope(key, value)) return subscopeOf(key, value, at, scope);
  try {
    return featureStatement(key, wordOf(value, key, at));
  } catch (fault) {
    if (fault instanceof FeatureFault) throw new FaultAt(value.at, fault.message);
    throw fault;
  }
}

function leastOf(key: string): number | undefined {
  const count = /^(\d{1,4}) or more$/.exec(key)?.[1];
  return count === undefined ? undefined : Number(count);
}

function isSubscope(key: string, value: Part): boolean {
  return value.kind === 'list' && WITHIN.includes(key);
}

function subscopeOf(key: string, value: Part, at: number, outer: string): Statement {
  const scope = key as Scope;
  const order: readonly string[] = STATIC_SCOPES;
  if (order.includes(key) && order.indexOf(key) < order.indexOf(outer)) {
    throw new FaultAt(at, `${key} cannot stand within ${outer}`);
  }
  // In one instruction all must hold; elsewhere one statement says how.
  const children = childrenOf(value, key, scope);
  const isPlain = children.length === 1 || key !== 'instruction';
  if (isPlain && children.length !== 1) {
    throw new FaultAt(at, `${key} is to have one statement`);
  }
  const child: Statement = isPlain ? children[0]! : { kind: 'and', children };
  return { kind: 'within', scope, child };
}

function onlyChild(value: Part, key: string, scope: string): Statement {
  const children = childrenOf(value, key, scope);
  if (children.length === 1) return children[0]!;
  throw new FaultAt(value.at, `${key} is to have one statement`);
}

function childrenOf(value: Part, key: string, scope: string): Statement[] {
  return listOf(value, key, value.at)
    .filter((item) => !isDescription(item))
    .map((item) => statementOf(item, scope));
}

function isDescription(part: Part): boolean {
  return part.kind === 'map' && part.entries.every(({ key }) => key === 'description');
}
