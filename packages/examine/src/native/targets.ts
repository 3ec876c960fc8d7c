import { type NamedTarget, type NativeImage, SymbolFlag, textAt } from '@avow/formats/native';
import { moduleSymbol, type Rules } from '../rules/compile.ts';
import type { SymbolNode } from '../rules/symbol.ts';
import { type Convention, conventionOf } from './arguments.ts';
import { symbolsOfImport, symbolsOfOwn } from './names.ts';
import { rustName } from './rust-names.ts';
import { swiftName } from './swift-names.ts';

/** A target of calls that rules speak of. */
export interface Target {
  readonly name: string;
  readonly node: SymbolNode;
  readonly convention: Convention;
  /** Sent to an object, not called. */
  readonly isMessage?: boolean;
  /** Where it starts, when it is in the image itself. */
  readonly rva?: number;
}

/** A target in the image itself, with what the sweep looks for. */
export interface OwnTarget {
  readonly target: Target;
  readonly named: NamedTarget;
}

/** By index of the import; undefined for those that no rule speaks of. */
export function importTargets(image: NativeImage, rules: Rules): (Target | undefined)[] {
  return image.imports.map(({ name, library }) =>
    targetOf(rules, name, symbolsOfImport(image.format, name, library)),
  );
}

/** By the first of the symbols that a rule speaks of. */
export function targetOf(
  rules: Rules,
  name: string,
  symbols: readonly string[],
): Target | undefined {
  for (const symbol of symbols) {
    const node = moduleSymbol(rules, symbol);
    if (node === undefined || node.call.length === 0) continue;
    const shown = shownName(name);
    const [, language] = /^(go|rust):/.exec(symbol) ?? [];
    const convention = (language as 'go' | 'rust' | undefined) ?? conventionOf(shown);
    return { name: shown, node, convention };
  }
  return undefined;
}

/** Functions of libraries that are linked in, by their names, and selectors. */
export function ownTargets(image: NativeImage, rules: Rules): OwnTarget[] {
  const { symbols, format } = image;
  const own: OwnTarget[] = [];
  for (let index = 0; index < symbols.count; index += 1) {
    if ((symbols.flags[index]! & SymbolFlag.function) === 0) continue;
    const name = nameOf(symbols, index);
    if (name === undefined || isCPlusPlus(name)) continue;
    const found = targetOf(rules, name, symbolsOfOwn(format, name));
    if (found === undefined) continue;
    const named = { rva: symbols.rva[index]!, name, isGo: found.convention === 'go' };
    own.push({ target: { ...found, rva: named.rva }, named });
  }
  own.push(...selectors(image, rules));
  return own;
}

/** Objective-C messages that rules speak of, by the pointers that their senders load. */
function selectors(image: NativeImage, rules: Rules): OwnTarget[] {
  const section = image.sections.find(({ name }) => name.endsWith(',__objc_selrefs'));
  if (section === undefined || section.offset === undefined) return [];
  const own: OwnTarget[] = [];
  const word = image.bits / 8;
  const size = Math.min(section.size, image.bytes.length);
  for (let rva = section.rva; rva + word <= section.rva + size; rva += word) {
    const to = image.pointerAt(rva);
    const selector = to === undefined ? undefined : textAt(image, to);
    if (selector === undefined) continue;
    const found = targetOf(rules, selector, [`sel:${selector}`]);
    if (found === undefined) continue;
    const target = { ...found, name: selector, isMessage: true };
    own.push({ target, named: { rva, name: selector, isSlot: true } });
  }
  return own;
}

/** Symbols' versions and Apple's leading underscore are no part of a name. */
function shownName(name: string): string {
  const known = swiftName(name) ?? rustName(name)?.replaceAll('.', '::');
  if (known !== undefined) return known;
  return name.replace(/@.*$/, '').replace(/^_(?=[A-Za-z])/, '');
}

/** Names of C++, which no rule has; Rust's old ones look alike but for the hash at their end. */
function isCPlusPlus(name: string): boolean {
  return /^_?_Z/.test(name) && !/17h[0-9a-f]{16}E/.test(name);
}

function nameOf(symbols: NativeImage['symbols'], index: number): string | undefined {
  try {
    return symbols.nameOf(index);
  } catch {
    // A name that does not end names nothing; the table's reader lists a broken table.
    return undefined;
  }
}
