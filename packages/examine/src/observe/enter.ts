import {
  BindingKind,
  child,
  children,
  Flag,
  Kind,
  nameOf,
  Role,
  referencesOf,
  stringValue,
  wordId,
} from '@avow/formats/script';
import type { Rules } from '../rules/compile.ts';
import type { Follower } from './follow/follower.ts';
import { entering } from './follow/value.ts';
import { type Observer, sourceOf } from './observer.ts';

/** Starts following where symbols enter: imports, dynamic imports, globals, reflection. */
export function enter(follower: Follower, observer: Observer, rules: Rules): void {
  enterImports(follower, observer);
  enterGlobals(follower, rules);
  enterDynamicImports(follower);
  enterConstructors(follower, rules);
  enterNamedAddons(follower, observer);
  enterEvents(follower, rules);
}

/** Events of fields and keys, whose target is what the user fills in (HTML Living Standard, 4.10.5.5; UI Events, 3). */
const FIELD_EVENT = /^(?:blur|change|focusout|input|key(?:down|press|up)|submit)$/;

/** `field.addEventListener("input", (event) => …)`, `field.oninput = (event) => …`: the parameter is an event. */
function enterEvents(follower: Follower, rules: Rules): void {
  const { script, folder } = follower;
  const { tree } = script;
  const event = rules.globals.parts.get('Event')?.result();
  const ways = event === undefined ? undefined : waysToListen(tree.names);
  if (event === undefined || ways === undefined) return;
  if (!/[tT]arget|srcElement/.test(tree.text)) return;
  const { kind, name, count } = tree;
  for (let at = 0; at < count; at += 1) {
    if (kind[at] !== Kind.Member || name[at]! < 0) continue;
    const way = ways[name[at]!];
    if (way === 0) continue;
    const parent = tree.parent[at]!;
    if (way === LISTENS) {
      if (tree.role[at] !== Role.Callee) continue;
      const [type, listener] = children(tree, parent, Role.Argument);
      const isOfField = type !== undefined && FIELD_EVENT.test(folder.text(type) ?? '');
      if (isOfField && listener !== undefined) follower.passTo(listener, 0, entering(event));
    } else {
      const isSet = kind[parent] === Kind.Assignment && tree.role[at] === Role.Left;
      if (isSet) follower.passTo(tree.next[at]!, 0, entering(event));
    }
  }
}

/** A name that adds a listener, and one that holds the listener of a field's event. */
const LISTENS = 1;
const HOLDS = 2;

/** By index of a name; undefined where none is either: there are fewer names than members. */
function waysToListen(names: readonly string[]): Uint8Array | undefined {
  let ways: Uint8Array | undefined;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index]!;
    const isHolder = name.startsWith('on') && FIELD_EVENT.test(name.slice('on'.length));
    if (!isHolder && name !== 'addEventListener') continue;
    ways ??= new Uint8Array(names.length);
    ways[index] = isHolder ? HOLDS : LISTENS;
  }
  return ways;
}

/** What packages call their native code where another file gives it to them. */
const ADDON_NAMES: ReadonlySet<string> = new Set([
  'addon',
  'binding',
  'bindings',
  'nativeAddon',
  'nativeBinding',
  'nativeModule',
]);

/** Larger scripts are bundles and compilers, in which such a name means something else. */
const MAX_NAMED_NODES = 20_000;

/**
 * Variables and parameters that are named as native code is: they stand for the
 * package's, if it has some with such properties.
 */
function enterNamedAddons(follower: Follower, observer: Observer): void {
  const { tree, scopes } = follower.script;
  if (tree.count > MAX_NAMED_NODES) return;
  for (let binding = 0; binding < scopes.bindingName.length; binding += 1) {
    const name = tree.names[scopes.bindingName[binding]!];
    if (name === undefined || !ADDON_NAMES.has(name)) continue;
    const kind = scopes.bindingKind[binding]!;
    if (kind === BindingKind.Global || kind === BindingKind.Import) continue;
    follower.startBinding(binding, observer.addonNamed(''));
  }
}

function enterImports(follower: Follower, observer: Observer): void {
  const { script } = follower;
  const { tree } = script;
  for (let at = 1; at < tree.count; at = tree.next[at]!) {
    switch (tree.kind[at]) {
      case Kind.ImportDeclaration:
        enterImport(follower, observer, at);
        break;
      case Kind.ExportNamed:
      case Kind.ExportAll:
        enterReexport(observer, at);
        break;
      case Kind.ImportEquals: {
        const source = sourceOf(script, at);
        const specifier = source < 0 ? undefined : stringValue(tree, source);
        const symbol =
          specifier === undefined ? undefined : observer.module(specifier, at, 'require');
        if (symbol !== undefined) follower.startBinding(idOf(follower, at), symbol);
        break;
      }
      default:
    }
  }
}

function enterImport(follower: Follower, observer: Observer, declaration: number): void {
  const { tree } = follower.script;
  const specifier = stringValue(tree, sourceOf(follower.script, declaration));
  const specifiers = children(tree, declaration, Role.Specifier);
  if (specifier === undefined) return;
  const symbol = observer.module(specifier, declaration, 'import');
  if (symbol === undefined) return;
  for (const each of specifiers) {
    const binding = idOf(follower, each);
    const kind = tree.kind[each];
    const imported =
      kind === Kind.ImportSpecifier
        ? symbol.member(nameOf(tree, each)!)
        : kind === Kind.ImportDefault
          ? symbol.member('default')
          : symbol;
    if (imported !== undefined) follower.startBinding(binding, imported);
  }
}

function enterReexport(observer: Observer, node: number): void {
  const { script } = observer;
  const { tree } = script;
  const source = sourceOf(script, node);
  const specifier = source < 0 ? undefined : stringValue(tree, source);
  if (specifier === undefined) return;
  const symbol = observer.module(specifier, node, 'reexport');
  if (symbol === undefined) return;
  if (tree.kind[node] === Kind.ExportAll) {
    const name = nameOf(tree, node);
    observer.exported(name ?? `*${specifier}`, symbol);
    return;
  }
  for (const each of children(tree, node, Role.Specifier)) {
    const local = nameOf(tree, child(tree, each, Role.Local));
    const member = local === undefined ? undefined : symbol.member(local);
    if (member !== undefined) observer.exported(nameOf(tree, each)!, member);
  }
}

function enterGlobals(follower: Follower, rules: Rules): void {
  const { script } = follower;
  const { tree, scopes } = script;
  for (const binding of scopes.globals) {
    const symbol = rules.globals.parts.get(tree.names[scopes.bindingName[binding]!]!);
    if (symbol === undefined) continue;
    for (const reference of referencesOf(scopes, binding)) {
      if ((tree.flags[reference]! & Flag.Writes) === 0) follower.start(reference, symbol);
      else if (symbol.write.length > 0) follower.startWrite(reference, symbol);
    }
  }
}

function enterDynamicImports(follower: Follower): void {
  const { tree } = follower.script;
  const { kind } = tree;
  for (
    let at = kind.indexOf(Kind.ImportCall);
    at >= 0;
    at = kind.indexOf(Kind.ImportCall, at + 1)
  ) {
    const source = child(tree, at, Role.Source);
    follower.load(at, [source]);
  }
}

/** `[].constructor.constructor("code")`, `(() => {}).constructor("code")`: `Function` without its name. */
function enterConstructors(follower: Follower, rules: Rules): void {
  const { tree } = follower.script;
  const evaluator = rules.globals.parts.get('Function');
  if (evaluator === undefined) return;
  const { name } = tree;
  const word = wordId.constructor;
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    if (tree.kind[at] !== Kind.Member) continue;
    const object = at + 1;
    const isOfFunction =
      tree.kind[object] === Kind.FunctionExpression ||
      tree.kind[object] === Kind.Arrow ||
      (tree.kind[object] === Kind.Member && tree.name[object] === word);
    if (isOfFunction && tree.role[at] === Role.Callee) follower.start(at, evaluator);
  }
}

function idOf(follower: Follower, node: number): number {
  const { tree, scopes } = follower.script;
  const id = child(tree, node, Role.Id);
  return id < 0 ? -1 : scopes.bindingOf[id]!;
}
