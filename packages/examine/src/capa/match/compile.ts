import { namespacesAbove } from '../rule/namespaces.ts';
import type { CapaRule, RuleFeature, Scope, Statement } from '../rule/rule.ts';
import type { CapaRules } from '../rule/set.ts';
import { type Standing, standingOf } from '../rule/support.ts';
import { AskedFeatures } from './asked.ts';
import type { Test } from './test.ts';

/** A rule, or a part of one that has a scope of its own, ready to be tried. */
export interface CompiledRule {
  /** Rules that it builds on have lower numbers. */
  readonly order: number;
  readonly scope: Scope;
  /** Undefined for a part. */
  readonly rule: CapaRule | undefined;
  readonly test: Test;
  /** Features that its match is to others. */
  readonly gives: readonly number[];
}

/** Rules of one scope, by what makes them worth trying. */
export interface ScopeRules {
  /** By feature: rules that cannot match without one of their features. */
  readonly triggered: ReadonlyMap<number, readonly CompiledRule[]>;
  /** Rules that match by what is missing, or by what every scope has. */
  readonly always: readonly CompiledRule[];
}

/** A folder of rules, ready for modules. */
export interface CompiledRules {
  readonly asked: AskedFeatures;
  readonly scopes: Readonly<Record<Scope, ScopeRules>>;
  /** Rules that are tried, and those of them that are about code. */
  readonly tried: { readonly all: number; readonly code: number };
}

/** Compiles rules whose support was found before. */
export function compileCapaRules({ rules }: CapaRules): CompiledRules {
  const compiler = new Compiler(rules);
  for (const rule of rules) compiler.enter(rule);
  return compiler.compiled();
}

class Compiler {
  readonly #asked = new AskedFeatures();
  readonly #known: ReadonlySet<string>;
  readonly #rules: CompiledRule[] = [];

  constructor(rules: readonly CapaRule[]) {
    this.#known = new Set(
      rules.flatMap(({ name, namespace }) => [name, ...namespacesAbove(namespace)]),
    );
  }

  enter(rule: CapaRule): void {
    const test = this.#testOf(rule.statement, rule.scope, true);
    const names = [rule.name, ...namespacesAbove(rule.namespace)];
    const gives = names.map((value) => this.#asked.ask({ kind: 'match', value }, rule.scope));
    this.#push(rule.scope, rule, test, gives);
  }

  #push(scope: Scope, rule: CapaRule | undefined, test: Test, gives: readonly number[]): void {
    this.#rules.push({ order: this.#rules.length, scope, rule, test, gives });
  }

  /** @param isPositive False under an odd number of `not`s, where what is not known counts as there. */
  #testOf(statement: Statement, scope: Scope, isPositive: boolean): Test {
    const of = (child: Statement): Test => this.#testOf(child, scope, isPositive);
    switch (statement.kind) {
      case 'and':
        return { op: 'all', of: statement.children.map(of) };
      case 'or':
        return { op: 'any', of: statement.children.map(of) };
      case 'not':
        return { op: 'not', of: this.#testOf(statement.child, scope, !isPositive) };
      case 'some':
        return { op: 'some', least: statement.least, of: statement.children.map(of) };
      case 'within': {
        const { scope: inner, child } = statement;
        if (inner === 'process' || inner === 'thread') return { op: 'fixed', holds: false };
        const test = this.#testOf(child, inner, isPositive);
        const id = this.#asked.askPart();
        this.#push(inner, undefined, test, [id]);
        return { op: 'has', id };
      }
      case 'count': {
        const { feature, least, most = Number.POSITIVE_INFINITY } = statement;
        const standing = this.#standing(feature);
        if (standing === 'absent') return { op: 'fixed', holds: least === 0 };
        if (standing === 'not-sought') return { op: 'fixed', holds: !isPositive };
        return { op: 'count', id: this.#asked.ask(feature, scope), least, most };
      }
      case 'feature': {
        const standing = this.#standing(statement.feature);
        if (standing === 'absent') return { op: 'fixed', holds: false };
        if (standing === 'not-sought') return { op: 'fixed', holds: !isPositive };
        return { op: 'has', id: this.#asked.ask(statement.feature, scope) };
      }
      default:
        return statement satisfies never;
    }
  }

  #standing(feature: RuleFeature): Standing {
    if (feature.kind !== 'match') return standingOf(feature);
    return this.#known.has(feature.value) ? 'sought' : 'not-sought';
  }

  compiled(): CompiledRules {
    const scopes = {
      file: this.#scope('file'),
      function: this.#scope('function'),
      'basic block': this.#scope('basic block'),
      instruction: this.#scope('instruction'),
      'span of calls': this.#scope('span of calls'),
      call: this.#scope('call'),
    };
    const tried = this.#rules.filter(({ rule }) => rule !== undefined);
    const code = tried.filter(({ scope }) => scope !== 'file').length;
    return { asked: this.#asked, scopes, tried: { all: tried.length, code } };
  }

  #scope(scope: Scope): ScopeRules {
    const triggered = new Map<number, CompiledRule[]>();
    const always: CompiledRule[] = [];
    for (const rule of this.#rules) {
      if (rule.scope !== scope) continue;
      const triggers = this.#triggersOf(rule.test);
      if (triggers === undefined || triggers.some((id) => this.#isGlobal(id))) {
        always.push(rule);
        continue;
      }
      for (const id of new Set(triggers)) {
        const rules = triggered.get(id) ?? [];
        rules.push(rule);
        triggered.set(id, rules);
      }
    }
    return { triggered, always };
  }

  /** Features of which one must be there; undefined where none need be. The rarest are chosen. */
  #triggersOf(test: Test): readonly number[] | undefined {
    switch (test.op) {
      case 'has':
        return [test.id];
      case 'all': {
        const sets = test.of.map((child) => this.#triggersOf(child));
        return sets
          .filter((set) => set !== undefined)
          .sort((a, b) => this.#frequency(a) - this.#frequency(b))[0];
      }
      case 'any':
        return this.#together(test.of);
      case 'some':
        return test.least === 0 ? undefined : this.#together(test.of);
      case 'count':
        return test.least === 0 ? undefined : [test.id];
      case 'not':
        return undefined;
      case 'fixed':
        return test.holds ? undefined : [];
      default:
        return test satisfies never;
    }
  }

  #together(tests: readonly Test[]): readonly number[] | undefined {
    const sets = tests.map((child) => this.#triggersOf(child));
    return sets.includes(undefined) ? undefined : sets.flatMap((set) => set!);
  }

  /** What every scope has is no reason to try a rule there. */
  #isGlobal(id: number): boolean {
    const kind = this.#asked.featureOf(id)?.kind;
    return kind === 'os' || kind === 'arch' || kind === 'format';
  }

  #frequency(ids: readonly number[]): number {
    return ids.reduce((sum, id) => sum + frequencyOf(this.#asked.featureOf(id)), 0);
  }
}

/** How often code has a feature, roughly: which of them decides is a matter of speed alone. */
function frequencyOf(feature: RuleFeature | undefined): number {
  switch (feature?.kind) {
    case undefined:
      return 10;
    case 'os':
    case 'arch':
    case 'format':
    case 'basic blocks':
      return 1000;
    case 'mnemonic':
      return 100;
    case 'characteristic':
      return 50;
    case 'number':
    case 'offset':
      return Math.abs(Number(feature.value)) < 0x100 ? 80 : 3;
    case 'match':
      return 10;
    default:
      return 2;
  }
}
