import { type Digest, digestOf, Refused } from '@avow/bytes';
import { type FeatureId, isFeatureId } from '@avow/declare/vocabulary';
import { GLOBAL_OBJECTS, KNOWN, type Known } from './known.ts';
import { patternFault } from './pattern.ts';
import type { Condition, Rule, RuleUpdate, TableName, TableRow } from './rule.ts';
import { SymbolNode, symbolParts } from './symbol.ts';

export interface CompiledCondition extends Omit<Condition, 'like' | 'unlike'> {
  readonly like?: RegExp;
  readonly unlike?: RegExp;
}

export interface CompiledRule extends Omit<Rule, 'where'> {
  readonly where: readonly CompiledCondition[];
}

export interface CompiledRow extends Omit<TableRow, 'like' | 'of'> {
  readonly like: RegExp;
  readonly of: ReadonlySet<FeatureId> | undefined;
}

/** The rule database, indexed by symbol; one is shared by all modules. */
export interface Rules {
  readonly update: number;
  readonly digest: Digest;
  readonly builtins: ReadonlySet<string>;
  /** Modules: `node:fs`, `npm:axios`; a dot in a package's name parts it as any other. */
  readonly modules: SymbolNode;
  /** The global object; its parts are the globals. */
  readonly globals: SymbolNode;
  readonly tables: Readonly<Record<TableName, readonly CompiledRow[]>>;
  /** All argument paths that a rule asks for: what a link must carry along. */
  readonly argumentPaths: readonly string[];
}

/**
 * The rule database from the text of `rules/update.json`.
 *
 * Refuses `rules.shape` when it is not one, `rules.feature` for a word that is
 * not in the vocabulary, `rules.pattern` for a pattern that could take more
 * than linear time, and `rules.digest` when its content is not what it names.
 */
export function readRules(text: string): Rules {
  let update: RuleUpdate;
  try {
    update = JSON.parse(text);
  } catch (error) {
    throw new Refused('rules.shape', undefined, `not JSON: ${(error as Error).message}`);
  }
  if (update?.schema !== 'avow.rules/1' || !Array.isArray(update.rules)) {
    throw new Refused('rules.shape', undefined, 'its schema is not avow.rules/1');
  }
  const content = { builtins: update.builtins, rules: update.rules, tables: update.tables };
  const digest = digestOf(canonical(content));
  if (digest !== update.digest) {
    throw new Refused('rules.digest', undefined, `it names ${update.digest} and is ${digest}`);
  }
  return compileRules(update);
}

export function compileRules(update: RuleUpdate): Rules {
  const modules = new SymbolNode('');
  const globals = new SymbolNode('global:');
  globals.known = 'globals';
  for (const [known, symbols] of Object.entries(KNOWN)) {
    for (const symbol of symbols) place(symbol, modules, globals).known = known as Known;
  }
  const paths = new Set<string>();
  for (const rule of update.rules) {
    const compiled = compiledRule(rule);
    for (const use of ['call', 'read', 'write', 'import'] as const) {
      for (const symbol of rule[use] ?? []) place(symbol, modules, globals)[use].push(compiled);
    }
    for (const path of pathsOf(rule)) paths.add(path);
  }
  for (const name of GLOBAL_OBJECTS) globals.parts.set(name, globals);
  const chrome = globals.parts.get('chrome');
  if (chrome !== undefined) globals.parts.set('browser', chrome);
  return {
    update: update.update,
    digest: update.digest,
    builtins: new Set(update.builtins),
    modules,
    globals,
    tables: compiledTables(update.tables),
    argumentPaths: [...paths].sort(),
  };
}

/** The node of a symbol, grown where it is new. */
function place(symbol: string, modules: SymbolNode, globals: SymbolNode): SymbolNode {
  const isGlobal = symbol.startsWith('global:');
  let node = isGlobal ? globals : modules;
  for (const part of symbolParts(isGlobal ? symbol.slice('global:'.length) : symbol)) {
    const grown: SymbolNode =
      part === '*' ? (node.any ??= new SymbolNode(`${node.text}.*`)) : node.grow(part);
    if (node === modules) grown.isRoot = true;
    node = grown;
  }
  return node;
}

/** The symbol of a module, by its parts; undefined when no rule knows it. */
export function moduleSymbol(rules: Rules, name: string): SymbolNode | undefined {
  let node: SymbolNode | undefined = rules.modules;
  for (const part of name.split('.')) node = node?.parts.get(part);
  return node;
}

function pathsOf(rule: Rule): string[] {
  const { from = [], with: extra = [] } = rule.recipient ?? {};
  return [...(rule.where ?? []).map(({ at }) => at), ...from, ...extra];
}

function compiledRule(rule: Rule): CompiledRule {
  checkFeature(rule.feature, rule.id);
  const where = (rule.where ?? []).map(({ like, unlike, ...rest }) => ({
    ...rest,
    ...(like === undefined ? {} : { like: compiledPattern(like, rule.id) }),
    ...(unlike === undefined ? {} : { unlike: compiledPattern(unlike, rule.id) }),
  }));
  return { ...rule, where };
}

function compiledTables(rows: readonly TableRow[]): Rules['tables'] {
  const tables: Record<TableName, CompiledRow[]> = { paths: [], hosts: [], env: [], commands: [] };
  for (const row of rows) {
    checkFeature(row.feature, row.id);
    const like = compiledPattern(row.like, row.id);
    const of = row.of === undefined ? undefined : new Set(row.of);
    tables[row.table].push({ ...row, like, of });
  }
  return tables;
}

function checkFeature(feature: string, id: string): void {
  if (!isFeatureId(feature)) {
    throw new Refused('rules.feature', undefined, `${id} names "${feature}"`);
  }
}

function compiledPattern(pattern: string, id: string): RegExp {
  const fault = patternFault(pattern);
  if (fault !== undefined) throw new Refused('rules.pattern', undefined, `${id}: ${fault}`);
  return new RegExp(pattern, 'u');
}

/** JSON with keys sorted and no blanks. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
