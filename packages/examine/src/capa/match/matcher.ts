import type { CapaRule, Scope } from '../rule/rule.ts';
import type { CompiledRule, CompiledRules } from './compile.ts';
import { add, type Found, type Ground, groundsOf, holds, WHOLE } from './test.ts';

/** A rule that matched. */
export interface RuleMatch {
  readonly rule: CapaRule;
  /** RVA of the scope that it matched in; -1 for the module. */
  readonly place: number;
  readonly grounds: readonly Ground[];
}

/** Grounds of one match: more tell a reader no more. */
const MAX_GROUNDS = 24;

/** Tries rules scope by scope. The matches of a function's parts are kept until it is done. */
export class Matcher {
  readonly #rules: CompiledRules;
  /** Features that every scope has: system, processor, format. */
  readonly #globals: readonly number[];
  readonly #tell: (match: RuleMatch) => void;
  /** By feature that a match gives and place: what it rests on. */
  #rests = new Map<number, Map<number, readonly Ground[]>>();

  constructor(rules: CompiledRules, globals: readonly number[], tell: (match: RuleMatch) => void) {
    this.#rules = rules;
    this.#globals = globals;
    this.#tell = tell;
  }

  /** Forgets what parts of the last function rest on. */
  begin(): void {
    if (this.#rests.size > 0) this.#rests = new Map();
  }

  /** Tries the rules of a scope on what was found in it; their matches are added to it. */
  match(scope: Scope, found: Found, place: number): void {
    const { triggered, always } = this.#rules.scopes[scope];
    let waiting: Waiting | undefined;
    for (const id of found.keys()) {
      const rules = triggered.get(id);
      if (rules === undefined) continue;
      waiting ??= new Waiting();
      for (const rule of rules) waiting.push(rule);
    }
    if (waiting === undefined && always.length === 0) return;
    waiting ??= new Waiting();
    for (const rule of always) waiting.push(rule);
    for (const id of this.#globals) add(found, id, WHOLE);
    for (let rule = waiting.next(); rule !== undefined; rule = waiting.next()) {
      if (!holds(rule.test, found)) continue;
      this.#matched(rule, found, place);
      for (const id of rule.gives) {
        const rules = triggered.get(id);
        if (rules !== undefined) for (const next of rules) waiting.push(next);
      }
    }
  }

  #matched({ rule, test, gives }: CompiledRule, found: Found, place: number): void {
    const grounds = this.#opened(groundsOf(test, found));
    for (const id of gives) {
      add(found, id, place);
      const rests = this.#rests.get(id) ?? new Map<number, readonly Ground[]>();
      if (!rests.has(place)) rests.set(place, grounds);
      this.#rests.set(id, rests);
    }
    if (rule !== undefined) this.#tell({ rule, place, grounds });
  }

  /** Matches of other rules and of parts, by what they rest on themselves. */
  #opened(grounds: readonly Ground[]): Ground[] {
    const opened: Ground[] = [];
    for (const ground of grounds) {
      const rests = this.#rests.get(ground.id)?.get(ground.place);
      for (const one of rests ?? [ground]) {
        if (opened.length === MAX_GROUNDS) return opened;
        const isKnown = opened.some(({ id, place }) => id === one.id && place === one.place);
        if (!isKnown) opened.push(one);
      }
    }
    return opened;
  }
}

/** Rules to be tried, each once, those that others build on first. */
class Waiting {
  readonly #heap: CompiledRule[] = [];
  readonly #seen = new Set<CompiledRule>();

  push(rule: CompiledRule): void {
    if (this.#seen.has(rule)) return;
    this.#seen.add(rule);
    const heap = this.#heap;
    let at = heap.push(rule) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (heap[above]!.order <= rule.order) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = rule;
  }

  next(): CompiledRule | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1]!.order < heap[below]!.order) below += 1;
      if (heap[below]!.order >= last.order) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}
