import type { FeatureId } from '@avow/declare';
import { child, Kind, Role, textOf } from '@avow/formats/script';
import { matchesOf } from '../match/match.ts';
import { ADDON, namesAddon } from '../rules/addon-names.ts';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import { SymbolNode } from '../rules/symbol.ts';
import { activations } from './activation.ts';
import { MAX_LINKS, MAX_USES } from './budget.ts';
import { codeOfDataUrl } from './data-url.ts';
import { evaluatedText } from './evaluated.ts';
import { evidenceOf } from './evidence.ts';
import { Folder } from './fold/fold.ts';
import { itemsTaken } from './fold/given.ts';
import { EITHER, hasHole } from './fold/value.ts';
import type { Loaded, Watcher } from './follow/follower.ts';
import type { Held, Observation } from './follow/value.ts';
import { Functions } from './functions.ts';
import type { Places } from './places.ts';
import {
  type ModuleFeature,
  type ModuleImport,
  type ModuleLink,
  type ModuleUnknown,
  usedAs,
} from './reading.ts';
import type { Call } from './runs.ts';
import type { Script } from './script.ts';
import { type PathGroup, pathGroups, ScriptArguments } from './script-arguments.ts';

/** Native modules that one export may stand for: one a platform. */
const MAX_ADDONS = 64;

/** A package, or a file of one. */
const PACKAGE = /^(?:@[\w.-]+\/)?[\w.-]+(?:\/[\w./-]+)?$/;

/** Modules that one list may name. */
const MAX_LISTED = 64;

/** Code that the script gives to be evaluated, and where. */
export interface Evaluated {
  readonly node: number;
  readonly text: string;
}

/** Nodes, by the numbers of what stands there. */
interface Sites {
  readonly features: number[];
  readonly imports: number[];
  readonly links: number[];
  readonly calls: Call[];
}

/** Collects what one script is seen to do. */
export class Observer implements Watcher {
  readonly features: ModuleFeature[] = [];
  readonly unknowns: ModuleUnknown[] = [];
  readonly imports: ModuleImport[] = [];
  readonly exports: Record<string, string> = {};
  readonly uses = new Set<string>();
  readonly links: ModuleLink[] = [];
  readonly evaluated: Evaluated[] = [];
  /** Where its features, imports and links are, by their numbers, and what it calls of other files. */
  readonly sites: Sites = { features: [], imports: [], links: [], calls: [] };
  readonly script: Script;
  readonly folder: Folder;
  readonly functions: Functions;
  /** The same, once `activate` was called. */
  readonly #activated: Functions | undefined;
  readonly #rules: Rules;
  readonly #places: Places;
  readonly #seen = new Set<string>();
  readonly #roots = new Map<string, SymbolNode>();
  readonly #withLinks: boolean;

  constructor(script: Script, rules: Rules, places: Places, withLinks: boolean) {
    this.#withLinks = withLinks;
    this.script = script;
    this.folder = new Folder(script);
    this.functions = new Functions(script);
    const started = activations(script);
    this.#activated = started.length === 0 ? undefined : new Functions(script, started);
    this.#rules = rules;
    this.#places = places;
  }

  observed(use: Observation): void {
    const { held, node } = use;
    const { symbol } = held;
    if (symbol.isLink) {
      this.#link(use);
      return;
    }
    if (use.use === 'call' && symbol.known !== undefined && this.#calledKnown(use)) return;
    const source = new ScriptArguments(this.folder, use);
    for (const { feature, rule, recipient } of matchesOf(this.#rules, symbol[use.use], source)) {
      this.add(feature, rule, node, recipient);
    }
  }

  /** Records a feature once for each place, recipient and feature. */
  add(feature: FeatureId, rule: string, node: number, recipient: string | undefined): void {
    this.addEvaluated(feature, rule, node, recipient, undefined);
  }

  /** As `add`, with evidence from inside an evaluated text. */
  addEvaluated(
    feature: FeatureId,
    rule: string,
    node: number,
    recipient: string | undefined,
    evidence: string | undefined,
  ): void {
    const { tree } = this.script;
    const key = `${node} ${feature} ${recipient ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.sites.features.push(node);
    this.features.push({
      feature,
      place: this.#places.at(tree.start[node]!, tree.end[node]!),
      evidence: evidence ?? evidenceOf(tree, node, recipient),
      ...(recipient === undefined ? {} : { recipient }),
      ...this.#whenOf(node),
      rule,
      within: this.functions.withinOf(node),
    });
  }

  #whenOf(node: number): Pick<ModuleFeature, 'when' | 'isInActivate'> {
    const when = this.functions.whenOf(node);
    const isInActivate = when === 'call' && this.#activated?.whenOf(node) === 'load';
    return isInActivate ? { when, isInActivate } : { when };
  }

  addUnknown(node: number, code: string, message: string): void {
    const key = `${node} ${code}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const { tree } = this.script;
    const place = this.#places.at(tree.start[node]!, tree.end[node]!);
    this.unknowns.push({ feature: 'opaque.unanalysed', place, why: { code, message } });
  }

  required(call: number, args: readonly number[]): readonly Loaded[] {
    const { tree } = this.script;
    const isImport = tree.kind[call] === Kind.ImportCall;
    const first = args[0];
    if (first === undefined) return [];
    const how = isImport ? 'dynamic' : 'require';
    const listed = this.#listed(first);
    if (listed !== undefined) {
      return listed.flatMap((each, item) => this.#loaded(this.module(each, call, how), item));
    }
    const specifier = this.folder.text(first);
    if (specifier !== undefined && !hasHole(specifier) && !specifier.includes(EITHER)) {
      return this.#loaded(this.module(specifier, call, how));
    }
    const names = specifier?.split(EITHER) ?? [];
    const known = names.filter((each) => !hasHole(each));
    const loaded = known.flatMap((each) => this.#loaded(this.module(each, call, how)));
    if (!isImport && isBrowserifyCall(this.script, args)) return loaded;
    const addon = names.find((each) => hasHole(each) && namesAddon(each));
    if (addon !== undefined && loaded.length === 0)
      loaded.push(...this.#loaded(this.addonNamed(addon)));
    const shown = specifier?.replaceAll(EITHER, ' | ');
    if (known.length === 0 || known.length < names.length)
      this.add('code.load', 'engine.code-load', call, shown);
    return loaded;
  }

  #loaded(symbol: SymbolNode | undefined, item = -1): Loaded[] {
    return symbol === undefined ? [] : [{ symbol, item }];
  }

  /** The items that a variable takes, when all are texts: each names a module. */
  #listed(node: number): string[] | undefined {
    const items = itemsTaken(this.folder, this.script.bindingAt(node))?.slice(0, MAX_LISTED);
    const texts = items?.filter((item) => typeof item === 'string' && !hasHole(item));
    return texts !== undefined && texts.length > 0 && texts.length === items?.length
      ? (texts as string[])
      : undefined;
  }

  named(node: number, held: Held, args: readonly number[]): SymbolNode | undefined {
    const use: Observation = { use: 'call', node, held, args, value: -1 };
    const code = evaluatedText(this.folder, use)?.text;
    const body =
      code === undefined ? undefined : /^(?:\(function \(\) \{)?([^{}]{1,200})/.exec(code)?.[1];
    const name =
      /^\s{0,20}(?:return\s)?\s{0,20}([\w$]{1,60}(?:\.[\w$]{1,60}){0,8})\s{0,20};?\s{0,20}$/.exec(
        body ?? '',
      )?.[1];
    if (name === undefined) return undefined;
    const [first = '', ...rest] = name.split('.');
    let symbol = this.globalNamed(first === 'this' ? 'globalThis' : first);
    for (const part of rest) symbol = symbol?.member(part);
    return symbol;
  }

  addon(call: number, args: readonly number[]): SymbolNode {
    const named = args[0] === undefined ? undefined : this.folder.text(args[0]);
    const isName = named !== undefined && /^(?!\.)[\w@.+-]{1,100}$/.test(named);
    const name = isName ? named : '';
    const { tree } = this.script;
    const place = this.#places.at(tree.start[call]!, tree.end[call]!);
    const when = this.functions.whenOf(call);
    this.sites.imports.push(call);
    this.imports.push({ specifier: `${ADDON}${name}`, place, how: 'require', when });
    this.add('code.load', 'engine.native-load', call, isName ? name : undefined);
    return this.addonNamed(name);
  }

  /** The native code of a name, which may have holes; of the package where it is empty. */
  addonNamed(name: string): SymbolNode {
    return this.#linkTo(`${ADDON}${name}`);
  }

  #linkTo(specifier: string): SymbolNode {
    let root = this.#roots.get(specifier);
    if (root === undefined) this.#roots.set(specifier, (root = new SymbolNode(`${specifier}#`, 0)));
    return root;
  }

  /** Records that a module is named at `node`; its symbol, where anyone asks for it. */
  module(specifier: string, node: number, how: ModuleImport['how']): SymbolNode | undefined {
    const { tree } = this.script;
    const place = this.#places.at(tree.start[node]!, tree.end[node]!);
    const isStatic = how === 'import' || how === 'reexport';
    const when = isStatic ? 'load' : this.functions.whenOf(node);
    this.sites.imports.push(node);
    this.imports.push({ specifier, place, how, when });
    const inline = codeOfDataUrl(specifier);
    if (inline !== undefined) {
      this.evaluated.push({ node, text: inline });
      return undefined;
    }
    if (/^(https?|data|blob):/.test(specifier)) {
      this.add('code.load', 'engine.code-load', node, specifier.slice(0, 200));
      return undefined;
    }
    const symbol = this.symbolOf(specifier);
    if (symbol !== undefined && !symbol.isLink) {
      for (const rule of symbol.import) this.add(rule.feature, rule.id, node, rule.recipient?.is);
    }
    return symbol;
  }

  symbolOf(specifier: string): SymbolNode | undefined {
    if (
      /^\.{0,2}\//.test(specifier) ||
      specifier === '.' ||
      specifier === '..' ||
      specifier.startsWith('#')
    ) {
      return this.#linkTo(specifier);
    }
    const rules = this.#rules;
    const bare = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
    if (specifier.startsWith('node:') || rules.builtins.has(bare.replace(/\/$/, ''))) {
      return moduleSymbol(rules, `node:${bare.replace(/\/$/, '')}`);
    }
    const [scope, name] = specifier.split('/');
    const packageName = specifier.startsWith('@') ? `${scope}/${name}` : scope;
    const known =
      moduleSymbol(rules, `npm:${specifier}`) ?? moduleSymbol(rules, `npm:${packageName}`);
    // Nobody's rules know it: the product may bring it along.
    return known ?? (PACKAGE.test(specifier) ? this.#linkTo(specifier) : undefined);
  }

  globalNamed(name: string): SymbolNode | undefined {
    return this.#rules.globals.parts.get(name);
  }

  exported(name: string, symbol: SymbolNode): void {
    const key = name === '' ? 'module.exports' : name;
    if (symbol.isAddon) this.#exportedAddon(key, symbol.text);
    if (symbol.text.startsWith(ADDON)) return;
    if (Object.hasOwn(this.exports, key) || symbol.text === '') return;
    this.exports[key] = symbol.text;
  }

  /** Native code has a name for each platform; all are kept, a blank between them. */
  #exportedAddon(key: string, text: string): void {
    const name = `${ADDON}${key}`;
    const known = Object.hasOwn(this.exports, name) ? this.exports[name]!.split(' ') : [];
    if (known.length >= MAX_ADDONS || known.includes(text) || /\s/.test(text)) return;
    this.exports[name] = [...known, text].join(' ');
  }

  unresolved(node: number, held: Held): void {
    const isModule = held.symbol.isRoot && held.symbol.text.startsWith('node:');
    if (!isModule) return;
    this.addUnknown(
      node,
      'script.computed-member',
      `which member of ${held.symbol.text} is called is not known before it runs`,
    );
  }

  /** What the engine does with symbols that run code. True when the rules have no say. */
  #calledKnown(use: Observation): boolean {
    const { symbol } = use.held;
    const args = use.args ?? [];
    const first = args[0];
    switch (symbol.known) {
      case 'eval':
        return this.#evaluate(use, true);
      case 'timer':
        return this.#evaluate(use, false);
      case 'worker':
      case 'fork':
      case 'importScripts': {
        const how = symbol.known === 'importScripts' ? 'script' : symbol.known;
        const named = first === undefined ? undefined : this.folder.text(first);
        const names = named?.split(EITHER) ?? [];
        for (const name of names) if (!hasHole(name)) this.module(name, use.node, how);
        if (how === 'script' && (names.length === 0 || names.some(hasHole)))
          this.add('code.load', 'engine.code-load', use.node, names.join(' | ') || undefined);
        return false;
      }
      default:
        return false;
    }
  }

  #evaluate(use: Observation, isAlways: boolean): boolean {
    const { node, held } = use;
    const code = evaluatedText(this.folder, use);
    if (code === undefined) return true;
    if (code.text !== undefined) {
      this.evaluated.push({ node, text: code.text });
      return true;
    }
    if (!isAlways) {
      if (code.isText) this.add('code.eval', 'engine.code-eval', node, undefined);
      return true;
    }
    if (held.symbol.call.length === 0) this.add('code.eval', 'engine.code-eval', node, undefined);
    return false;
  }

  #link(observation: Observation): void {
    const { use, held } = observation;
    const { symbol } = held;
    if (use === 'import' || (symbol.linkParts === 0 && use !== 'call')) return;
    // What a function of another file gives is of interest where it is called, or its members are.
    if (use !== 'call' && symbol.text.includes('()') && !symbol.isAddon) return;
    this.uses.add(usedAs(use, symbol.text));
    if (use === 'call') this.sites.calls.push({ node: observation.node, symbol: symbol.text });
    if (this.uses.size > MAX_USES || this.links.length >= MAX_LINKS) {
      this.addUnknown(0, 'script.too-many-links', 'too many uses of other files');
      return;
    }
    if (!this.#withLinks) return;
    const { node, args } = observation;
    const { tree } = this.script;
    const hasArguments = use === 'call' && args !== undefined && args.length > 0;
    const folded = hasArguments
      ? new ScriptArguments(this.folder, observation).known(groupsOf(this.#rules))
      : {};
    this.sites.links.push(node);
    this.links.push({
      symbol: symbol.text,
      use,
      place: this.#places.at(tree.start[node]!, tree.end[node]!),
      evidence: evidenceOf(tree, node, undefined),
      arguments: folded,
      ...this.#whenOf(node),
      within: this.functions.withinOf(node),
    });
  }
}

/** Grouped once for all modules that one process reads. */
const GROUPS = new WeakMap<Rules, readonly PathGroup[]>();

function groupsOf(rules: Rules): readonly PathGroup[] {
  let groups = GROUPS.get(rules);
  if (groups === undefined) GROUPS.set(rules, (groups = pathGroups(rules.argumentPaths)));
  return groups;
}

/** Browserify's prelude asks the outer `require` for what the bundle has not: `r(name, true)`. */
function isBrowserifyCall(script: Script, args: readonly number[]): boolean {
  const { tree } = script;
  const second = args[1];
  if (second === undefined || tree.kind[args[0]!] !== Kind.Identifier) return false;
  return textOf(tree, second) === '!0' || textOf(tree, second) === 'true';
}

/** The literal source of an import or export; -1 when it has none. */
export function sourceOf(script: Script, node: number): number {
  return child(script.tree, node, Role.Source);
}
