import { Refused, why } from '@avow/bytes';
import { pageOffset, scriptsOfPage, scriptText } from '@avow/formats/script';
import { isNativeTask } from '../native/reading.ts';
import type { Rules } from '../rules/compile.ts';
import { MAX_EVALUATED_DEPTH } from './budget.ts';
import { calledNames } from './called.ts';
import { enter } from './enter.ts';
import { evidenceOf, MAX_EVIDENCE, shortened } from './evidence.ts';
import { exportedFunctions } from './exported.ts';
import { OutsideCalls } from './fold/outside.ts';
import { Follower } from './follow/follower.ts';
import { mayHideIn, obfuscationOf } from './obfuscated.ts';
import { Observer } from './observer.ts';
import type { ParseScript } from './parse.ts';
import { Places } from './places.ts';
import type {
  GivenCalls,
  ModuleFeature,
  ModuleReading,
  ModuleUnknown,
  ReadingTask,
  ScriptGoal,
} from './reading.ts';
import { runsOf } from './runs.ts';
import { Script } from './script.ts';
import { expressionInTemplate } from './templates.ts';

/**
 * All that one module says of itself: a pure function of its bytes, how to
 * take them, and the rules. `parse` may be any parser: all give one tree.
 *
 * Refuses nothing: what cannot be parsed is an `unread` reading with why.
 * Machine code is not read here, but by `@avow/examine/native`.
 */
export function observeModule(task: ReadingTask, parse: ParseScript, rules: Rules): ModuleReading {
  if (isNativeTask(task)) return NOT_HERE;
  const { text, encoding, oddities } = scriptText(task.bytes);
  const places = new Places(text);
  const reading = new Reading();
  const { language, goal, withLinks = false, given } = task;
  const way: Way = { parse, rules, depth: 0, mayHide: true, withLinks };
  if (language === 'html' || language === 'vue' || language === 'svelte') {
    observePage(text, language, places, way, reading);
  } else {
    const mayHide = encoding === 'utf-8' ? mayHideIn(task.bytes) : encoding !== 'latin-1';
    reading.take(text, places, () => {
      const tree = parse(text, { language, goal });
      reading.called = calledNames(tree);
      const observed = observeScript(tree, places, { ...way, mayHide, given });
      reading.runs = observed.runs;
      return observed;
    });
  }
  const odd = oddities[0];
  if (odd !== undefined)
    reading.unknowns.push({ feature: 'opaque.unanalysed', place: places.at(0, 0), why: odd });
  return reading.done();
}

const NOT_HERE: ModuleReading = {
  state: 'unread',
  why: { code: 'product.native', message: 'machine code was not given to its reader' },
  features: [],
  unknowns: [],
  imports: [],
  exports: {},
  uses: [],
  links: [],
};

type Observed = Omit<ModuleReading, 'state' | 'why'>;

/** Puts the scripts of one module together. */
class Reading {
  readonly features: ModuleFeature[] = [];
  readonly unknowns: ModuleUnknown[] = [];
  readonly imports: ModuleReading['imports'][number][] = [];
  readonly exports: Record<string, string> = {};
  readonly uses = new Set<string>();
  readonly links: ModuleReading['links'][number][] = [];
  called: string | undefined;
  runs: ModuleReading['runs'];
  #read = 0;
  #why: ModuleReading['why'];

  /** Adds what `observe` gives; a refusal is an unknown at the script's place. */
  take(text: string, places: Places, observe: () => Observed): void {
    try {
      const { features, unknowns, imports, exports, uses, links } = observe();
      this.features.push(...features);
      this.unknowns.push(...unknowns);
      this.imports.push(...imports);
      for (const use of uses) this.uses.add(use);
      this.links.push(...links);
      Object.assign(this.exports, exports);
      this.#read += 1;
    } catch (error) {
      const refusal = refusalOf(error);
      this.#why ??= why(refusal);
      const at = Math.min(refusal.at ?? 0, text.length);
      this.unknowns.push({
        feature: 'opaque.unanalysed',
        place: places.at(at, at),
        why: why(refusal),
      });
    }
  }

  done(): ModuleReading {
    const state = this.#why === undefined ? 'read' : this.#read > 0 ? 'partly' : 'unread';
    const { features, unknowns, imports, exports, uses, links, called, runs } = this;
    return {
      state,
      ...(this.#why === undefined ? {} : { why: this.#why }),
      features,
      unknowns,
      imports,
      exports,
      uses: [...uses],
      links,
      ...(runs === undefined ? {} : { runs }),
      ...(called === undefined ? {} : { called }),
    };
  }
}

/** A tree too deep for the stack is input made to be so. */
function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof RangeError) {
    return new Refused('script.too-deep', undefined, 'nested deeper than the analysis can follow');
  }
  throw error;
}

function observePage(
  text: string,
  language: 'html' | 'vue' | 'svelte',
  places: Places,
  way: Way,
  reading: Reading,
): void {
  const page = scriptsOfPage(text, language);
  for (const { url, start, end } of page.references) {
    const place = places.at(start, end);
    reading.imports.push({ specifier: url, place, how: 'script', when: 'load' });
    if (!/^(https?:)?\/\//.test(url)) continue;
    reading.features.push({
      feature: 'code.load',
      place,
      evidence: shortened(text.slice(start, end), MAX_EVIDENCE),
      recipient: url,
      when: 'load',
      rule: 'engine.code-load',
      within: [],
    });
  }
  for (const script of page.scripts) {
    const inPage = places.within((offset) => pageOffset(script, offset));
    const { language: inner, goal } = script;
    reading.take(script.text, inPage, () => {
      return observeScript(way.parse(script.text, { language: inner, goal }), inPage, way);
    });
  }
  const expression = expressionInTemplate(text, language);
  if (expression !== undefined) {
    const message = "the template's expressions run and are not read";
    reading.unknowns.push({
      feature: 'opaque.unanalysed',
      place: places.at(expression.start, expression.end),
      why: { code: 'script.template', message },
    });
  }
  if (page.scripts.length === 0) reading.take('', places, () => NOTHING_OBSERVED);
}

const NOTHING_OBSERVED: Observed = {
  features: [],
  unknowns: [],
  imports: [],
  exports: {},
  uses: [],
  links: [],
};

/** How a script is observed, and what is known of it before. */
interface Way {
  readonly parse: ParseScript;
  readonly rules: Rules;
  /** Evaluated texts around it. */
  readonly depth: number;
  /** Whether invisible characters may stand in it. */
  readonly mayHide: boolean;
  readonly withLinks: boolean;
  /** As the task has it. */
  readonly given?: GivenCalls | undefined;
}

function observeScript(tree: ReturnType<ParseScript>, places: Places, way: Way): Observed {
  const { rules } = way;
  const script = new Script(tree);
  const observer = new Observer(script, rules, places, way.withLinks);
  if (way.given !== undefined) {
    const exported = exportedFunctions(script);
    observer.folder.outside = new OutsideCalls(script, way.given, exported);
  }
  const follower = new Follower(script, observer.folder, observer);
  enter(follower, observer, rules);
  follower.run();
  for (const { node, sign } of obfuscationOf(tree, way.mayHide)) {
    observer.add('opaque.obfuscated', 'engine.obfuscated', node, sign);
  }
  if (follower.budget.isSpent || observer.folder.budget.isSpent) {
    observer.addUnknown(0, 'script.budget', 'the work that one script may cost was spent');
  }
  for (const { node, text } of observer.evaluated) {
    observeEvaluated(observer, node, text, way);
  }
  const { features, unknowns, imports, exports, uses, links } = observer;
  const runs = way.depth > 0 ? undefined : runsOf(script, observer.functions, observer.sites);
  return {
    ...{ features, unknowns, imports, exports, uses: [...uses], links },
    ...(runs === undefined ? {} : { runs }),
  };
}

/** Goals under which evaluated text may parse: an expression, a function's body. */
const EVALUATED_GOALS: readonly ScriptGoal[] = ['script', 'commonjs'];

/** Examines evaluated text; its features stand where it is evaluated. */
function observeEvaluated(
  observer: Observer,
  node: number,
  text: string,
  { parse, rules, depth }: Way,
): void {
  if (depth >= MAX_EVALUATED_DEPTH) {
    observer.add('code.eval', 'engine.code-eval', node, undefined);
    return;
  }
  for (const goal of EVALUATED_GOALS) {
    let inner: Observed;
    try {
      const tree = parse(text, { language: 'js', goal, isInner: true });
      inner = observeScript(tree, new Places(text), {
        parse,
        rules,
        depth: depth + 1,
        mayHide: true,
        withLinks: false,
      });
    } catch (error) {
      refusalOf(error);
      continue;
    }
    liftFrom(observer, node, inner);
    return;
  }
  observer.add('code.eval', 'engine.code-eval', node, undefined);
}

function liftFrom(observer: Observer, node: number, inner: Observed): void {
  const { tree } = observer.script;
  const outer = evidenceOf(tree, node, undefined);
  for (const { feature, rule, recipient, evidence, place } of inner.features) {
    observer.addEvaluated(
      feature,
      rule,
      node,
      recipient,
      evaluatedEvidence(outer, evidence, place),
    );
  }
  for (const { why: reason } of inner.unknowns)
    observer.addUnknown(node, reason.code, reason.message);
  for (const { specifier } of inner.imports) observer.module(specifier, node, 'require');
}

function evaluatedEvidence(
  outer: string,
  evidence: string,
  { line, column }: ModuleFeature['place'],
): string {
  const inside = ` → ${line}:${column} ${shortened(evidence, 70)}`;
  return shortened(outer, MAX_EVIDENCE - Math.min(inside.length, MAX_EVIDENCE - 20)) + inside;
}
