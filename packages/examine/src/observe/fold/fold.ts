import {
  child,
  children,
  Flag,
  Kind,
  nameOf,
  numberValue,
  Role,
  rawPiece,
} from '@avow/formats/script';
import { Budget, FOLD_STEPS, MAX_FOLD_DEPTH, MAX_ITEMS } from '../budget.ts';
import { Interpreter } from '../interpret/interpreter.ts';
import type { Script } from '../script.ts';
import { assignedTo } from './assigned.ts';
import { foldCall } from './calls.ts';
import { itemsTaken, textsGiven } from './given.ts';
import { GLOBAL_VALUES, META_VALUES, valueOfOrigin } from './known-values.ts';
import { binary, numberOf, truthOf, unary } from './operators.ts';
import { originOf } from './origin.ts';
import type { OutsideCalls } from './outside.ts';
import {
  EITHER,
  eitherOf,
  HOLE,
  hasHole,
  isList,
  joined,
  MAX_ALTERNATIVES,
  NOTHING,
  textOfValue,
  type Value,
} from './value.ts';

/**
 * Folds expressions to what they are known to give, as far as asked for.
 * Bounded by a budget of steps; what is beyond it is not known.
 */
export class Folder {
  readonly script: Script;
  readonly budget = new Budget(FOLD_STEPS);
  readonly #values = new Map<number, Value | undefined>();
  /** What other files give to parameters, where that was asked for. */
  outside: OutsideCalls | undefined;
  #interpreter: Interpreter | undefined;
  #depth = 0;

  constructor(script: Script) {
    this.script = script;
    script.constantAt = (node) => this.#constant(node);
  }

  get interpreter(): Interpreter {
    this.#interpreter ??= new Interpreter(this);
    return this.#interpreter;
  }

  /** The text that an expression gives, `…` where it is not known; undefined where nothing is. */
  text(node: number): string | undefined {
    const value = this.value(node);
    // What is nothing names nobody: `fetch(undefined)`.
    if (value === NOTHING || value === null) return undefined;
    const text = textOfValue(value);
    return text === undefined || /^[…\ue0fe]*$/.test(text) ? undefined : text;
  }

  value(node: number): Value | undefined {
    const known = this.#values.get(node);
    if (known !== undefined || this.#values.has(node)) return known;
    if (this.#depth > MAX_FOLD_DEPTH || !this.budget.take()) return undefined;
    this.#values.set(node, undefined);
    this.#depth += 1;
    const value = this.#fold(node);
    this.#depth -= 1;
    this.#values.set(node, value);
    return value;
  }

  #fold(node: number): Value | undefined {
    const { tree } = this.script;
    switch (tree.kind[node]) {
      case Kind.String:
        return nameOf(tree, node);
      case Kind.Number:
        return numberValue(tree, node);
      case Kind.Boolean:
        return nameOf(tree, node) === 'true';
      case Kind.Null:
        return null;
      case Kind.Template:
        return this.#template(node, false);
      case Kind.TaggedTemplate:
        return originOf(this.script, node + 1) === 'String.raw'
          ? this.#template(child(tree, node, Role.Quasi), true)
          : undefined;
      case Kind.Identifier:
        return this.#identifier(node);
      case Kind.Binary:
        return this.#binary(node);
      case Kind.Unary:
        return unary(nameOf(tree, node)!, this.value(node + 1));
      case Kind.Logical:
        return this.#logical(node);
      case Kind.Conditional:
        return this.#conditional(node);
      case Kind.Assignment:
        return nameOf(tree, node) === '=' ? this.value(child(tree, node, Role.Right)) : undefined;
      case Kind.Sequence:
        return this.value(children(tree, node).at(-1)!);
      case Kind.Await:
        return this.value(node + 1);
      case Kind.Array:
        return this.#array(node);
      case Kind.Member:
        return this.#member(node);
      case Kind.Call:
      case Kind.New:
        return foldCall(this, node);
      default:
        return undefined;
    }
  }

  #template(node: number, isRaw: boolean): Value | undefined {
    const { tree } = this.script;
    let text: Value | undefined = '';
    for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) {
      const isPiece = tree.kind[at] === Kind.TemplateElement;
      const piece = isPiece ? (isRaw ? rawPiece(tree, at) : nameOf(tree, at)) : this.value(at);
      text = joined(text, piece);
      if (text === undefined) return undefined;
    }
    return text;
  }

  #binary(node: number): Value | undefined {
    const { tree } = this.script;
    const operator = nameOf(tree, node)!;
    if (operator !== '+') {
      const right = tree.next[node + 1]!;
      return binary(operator, this.value(node + 1), this.value(right));
    }
    // A sum of a thousand texts is a thousand levels deep on its left.
    const parts: number[] = [];
    let at = node;
    for (; tree.kind[at] === Kind.Binary && nameOf(tree, at) === '+'; at += 1) {
      parts.push(tree.next[at + 1]!);
    }
    let value = this.value(at);
    for (const part of parts.reverse()) value = binary('+', value, this.value(part));
    return value;
  }

  #logical(node: number): Value | undefined {
    const { tree } = this.script;
    const left = this.value(node + 1);
    const truth = truthOf(left);
    const right = this.value(tree.next[node + 1]!);
    if (nameOf(tree, node) === '&&') return truth === false ? left : right;
    if (truth === true) return left;
    // `options.url || 'https://…'`: it is one or the other, and the default alone would be half of it.
    const isText = typeof right === 'string' && right !== '';
    if (isText && (left === undefined || typeof left === 'string')) {
      return left === '' ? right : eitherOf([left ?? HOLE, right]);
    }
    return right ?? left;
  }

  #conditional(node: number): Value | undefined {
    const { tree } = this.script;
    const truth = truthOf(this.value(child(tree, node, Role.Test)));
    const yes = this.value(child(tree, node, Role.Consequent));
    const no = this.value(child(tree, node, Role.Alternate));
    if (truth !== undefined) return truth ? yes : no;
    if (yes === no) return yes;
    if (typeof yes !== 'string' || typeof no !== 'string') return undefined;
    return yes === '' ? no : no === '' ? yes : eitherOf([yes, no]);
  }

  #array(node: number): Value | undefined {
    const { tree } = this.script;
    const items: (Value | undefined)[] = [];
    for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) {
      if (items.length >= MAX_ITEMS || !this.budget.take()) return undefined;
      if (tree.kind[at] === Kind.Spread) {
        const spread = this.value(at + 1);
        if (isList(spread)) items.push(...spread);
        else items.push(undefined);
      } else items.push(tree.kind[at] === Kind.Hole ? NOTHING : this.value(at));
    }
    return items;
  }

  #identifier(node: number): Value | undefined {
    const { script } = this;
    const global = script.globalName(node);
    if (global !== undefined) return GLOBAL_VALUES.get(global);
    const binding = script.bindingAt(node);
    if (binding < 0) return undefined;
    const definition = script.definitionOf(binding);
    if (definition === undefined) return this.#variable(binding) ?? this.#given(binding);
    if (definition.path.length === 0) return this.value(definition.node);
    const origin = originOf(script, node);
    return origin === undefined
      ? this.#property(definition.node, definition.path)
      : valueOfOrigin(origin);
  }

  /** The texts that a variable takes: one or the other, each going on where more is added to it. */
  #variable(binding: number): Value | undefined {
    const { script } = this;
    const { tree } = script;
    const texts = new Set<string>();
    let isLonger = false;
    for (const node of script.valuesOf(binding)) {
      if (tree.kind[node] === Kind.Assignment) {
        isLonger = true;
        continue;
      }
      const value = this.value(node);
      if (value === undefined || value === NOTHING || value === null) continue;
      if (typeof value !== 'string') return undefined;
      if (value !== '') texts.add(value);
      if (texts.size > MAX_ALTERNATIVES) return undefined;
    }
    if (texts.size === 0) return undefined;
    return eitherOf([...texts].map((text) => (isLonger ? joined(text, HOLE)! : text)));
  }

  /** The texts that a parameter takes, or an item of a list. */
  #given(binding: number): string | undefined {
    const items = itemsTaken(this, binding);
    if (items === undefined) {
      const texts = textsGiven(this, binding);
      const more = this.outside?.textsAt(binding, []);
      return texts === undefined || more === undefined ? (texts ?? more) : eitherOf([texts, more]);
    }
    const texts = items.filter((item) => typeof item === 'string');
    return texts.length === items.length && texts.length > 0 ? eitherOf(texts) : undefined;
  }

  #member(node: number): Value | undefined {
    const { script } = this;
    const key = this.key(node);
    if (key === undefined) return undefined;
    if (script.tree.kind[node + 1] === Kind.ImportMeta) return META_VALUES.get(key);
    const origin = originOf(script, node);
    const special = origin === undefined ? undefined : valueOfOrigin(origin);
    if (special !== undefined) return special;
    const object = child(script.tree, node, Role.Object);
    const value = this.value(object);
    if (typeof value === 'string' || isList(value)) {
      if (key === 'length')
        return typeof value === 'string' && hasHole(value) ? undefined : value.length;
      const index = Number(key);
      if (!Number.isInteger(index) || (typeof value === 'string' && hasHole(value)))
        return undefined;
      return value[index] ?? (index < value.length ? undefined : NOTHING);
    }
    return this.#property(object, [key]) ?? this.textOutside(object, [key]);
  }

  /** The text at a path of what a parameter is given by other files. */
  textOutside(node: number, path: readonly string[]): string | undefined {
    if (this.outside === undefined) return undefined;
    return this.outside.textsAt(this.script.bindingAt(node), path);
  }

  /** The key of a member or property: as written, or folded. */
  key(node: number): string | undefined {
    const { tree } = this.script;
    const name = nameOf(tree, node);
    if (name !== undefined || (tree.flags[node]! & Flag.Computed) === 0) return name;
    const role = tree.kind[node] === Kind.Member ? Role.Index : Role.Key;
    return this.#constant(child(tree, node, role));
  }

  /** The keys that a computed member may have, `…` among them where there may be more; empty when none is known. */
  keys(member: number): readonly string[] {
    const { tree } = this.script;
    if ((tree.flags[member]! & Flag.Computed) === 0) return [];
    const text = textOfValue(this.value(child(tree, member, Role.Index)));
    if (text === undefined || !text.includes(EITHER)) return [];
    const keys = text.split(EITHER);
    return keys.every((key) => key === HOLE || !hasHole(key)) ? keys : [];
  }

  #constant(node: number): string | undefined {
    const text = textOfValue(this.value(node));
    return text === undefined || hasHole(text) || text.includes(EITHER) ? undefined : text;
  }

  #property(node: number, path: readonly string[]): Value | undefined {
    const at = this.propertyAt(node, path);
    return at < 0 ? undefined : this.value(at);
  }

  /** The value node of a property of an object literal, through names; -1 where it cannot be told. */
  propertyAt(node: number, path: readonly string[]): number {
    if (this.#depth > MAX_FOLD_DEPTH || !this.budget.take()) return -1;
    this.#depth += 1;
    const at = this.#propertyAt(node, path);
    this.#depth -= 1;
    return at;
  }

  #propertyAt(node: number, path: readonly string[]): number {
    const { tree } = this.script;
    let at = node;
    for (const key of path) {
      const object = this.literalAt(at);
      if (object < 0) return -1;
      at = -1;
      for (const property of children(tree, object)) {
        if (tree.kind[property] === Kind.Spread) {
          const spread = this.propertyAt(property + 1, [key]);
          if (spread >= 0) at = spread;
        } else if (this.key(property) === key) {
          at = child(tree, property, Role.Value);
        }
      }
      if (at < 0) at = assignedTo(this, object, key);
      if (at < 0) return -1;
    }
    return at;
  }

  /** The object, array or enum literal that an expression is, directly or by a name; else -1. */
  literalAt(node: number, depth = 0): number {
    const { script } = this;
    const kind = script.tree.kind[node];
    if (kind === Kind.Object || kind === Kind.Enum) return node;
    if (depth > 8 || !this.budget.take()) return -1;
    if (kind === Kind.Call) return this.#literalOfCall(node, depth);
    if (kind === Kind.Member) {
      const key = this.key(node);
      const object = child(script.tree, node, Role.Object);
      const at = key === undefined ? -1 : this.propertyAt(object, [key]);
      return at < 0 ? -1 : this.literalAt(at, depth + 1);
    }
    if (kind === Kind.Logical) return this.literalAt(script.tree.next[node + 1]!, depth + 1);
    const binding = script.bindingAt(node);
    const definition = binding < 0 ? undefined : script.definitionOf(binding);
    if (definition === undefined) return -1;
    if (definition.path.length === 0) return this.literalAt(definition.node, depth + 1);
    const at = this.propertyAt(definition.node, definition.path);
    return at < 0 ? -1 : this.literalAt(at, depth + 1);
  }

  /** `Object.assign({}, a)`, `Object.freeze({…})`: the first literal among the arguments. */
  #literalOfCall(node: number, depth: number): number {
    const { tree } = this.script;
    if (!/^Object\.(assign|freeze|seal)$/.test(originOf(this.script, node + 1) ?? '')) return -1;
    for (const argument of children(tree, node, Role.Argument)) {
      const at = this.literalAt(argument, depth + 1);
      if (at >= 0 && tree.next[at]! > at + 1) return at;
    }
    return -1;
  }

  /** The function that an expression is, by names and constant properties; -1 when it is none we know. */
  functionAt(node: number): number {
    const { script } = this;
    const fn = script.functionAt(node);
    if (fn >= 0 || script.tree.kind[node] !== Kind.Member) return fn;
    const key = this.key(node);
    const object = child(script.tree, node, Role.Object);
    const at = key === undefined ? -1 : this.propertyAt(object, [key]);
    return at < 0 ? -1 : script.functionAt(at);
  }

  /** A number, as `numberOf` gives it. */
  number(node: number): number | undefined {
    return numberOf(this.value(node));
  }
}

export { HOLE };
