import { ADDON, isAddonSymbol } from './addon-names.ts';
import type { CompiledRule } from './compile.ts';
import type { Known } from './known.ts';

/** Members that a link's symbol may go through: `./a#b.c.d` has three. */
const MAX_LINK_PARTS = 3;

/** The same of native code, where a loader's result is followed too: `./utils#loadNativeModule().module.fork`. */
const MAX_ADDON_PARTS = 5;

/**
 * One symbol and all that rules say of it: a node of the tree of all symbols
 * that a rule or the engine knows. What has no node interests nobody, and is
 * followed no further.
 */
export class SymbolNode {
  /** As rules write it: `node:fs.promises.readFile`. */
  readonly text: string;
  /** By member name; `()` for what a call gives. */
  readonly parts = new Map<string, SymbolNode>();
  /** The `.*` of rules. */
  any: SymbolNode | undefined;
  readonly call: CompiledRule[] = [];
  readonly read: CompiledRule[] = [];
  readonly write: CompiledRule[] = [];
  readonly import: CompiledRule[] = [];
  /** What the engine itself does with it. */
  known: Known | undefined;
  /** A module's whole: its `default` is itself. */
  isRoot = false;
  /** For a symbol of another file of the product: how many parts it has; else -1. */
  readonly linkParts: number;
  /** For a symbol of another file: whether it stands for native code, as far as its name tells. */
  readonly isAddon: boolean;

  constructor(text: string, linkParts = -1) {
    this.text = text;
    this.linkParts = linkParts;
    this.isAddon = linkParts >= 0 && isAddonSymbol(text);
  }

  get isLink(): boolean {
    return this.linkParts >= 0;
  }

  /** Nothing is known of its members or results. */
  get isLeaf(): boolean {
    return this.parts.size === 0 && this.any === undefined && !this.isLink;
  }

  member(name: string): SymbolNode | undefined {
    const part = this.parts.get(name);
    if (part !== undefined) return part;
    if (this.isLink) return this.#link(name, this.linkParts === 0 ? name : `.${name}`);
    if (name === 'default' && this.isRoot) return this;
    return this.any;
  }

  /** What a call gives. What another file's function gives is followed once: `./api#connect().get`. */
  result(): SymbolNode | undefined {
    const known = this.parts.get('()');
    if (known !== undefined || !this.isLink) return known;
    const isLoader = this.linkParts <= 1 && !this.text.startsWith(ADDON);
    return isLoader ? this.#link('()', '()') : undefined;
  }

  /** The part, made when it is new: only while rules are compiled. */
  grow(part: string): SymbolNode {
    let node = this.parts.get(part);
    if (node === undefined) {
      const separator = part === '()' || this.text === '' || this.text.endsWith(':') ? '' : '.';
      node = new SymbolNode(`${this.text}${separator}${part}`);
      this.parts.set(part, node);
    }
    return node;
  }

  #link(part: string, written: string): SymbolNode | undefined {
    const most = this.isAddon ? MAX_ADDON_PARTS : MAX_LINK_PARTS;
    if (this.linkParts >= most) return undefined;
    const node = new SymbolNode(this.text + written, this.linkParts + 1);
    this.parts.set(part, node);
    return node;
  }
}

/** The parts of a symbol: `node:fs.open().read` → `node:fs`, `open`, `()`, `read`. */
export function symbolParts(symbol: string): string[] {
  const parts: string[] = [];
  for (const piece of symbol.split('.')) {
    let bare = piece;
    let calls = 0;
    while (bare.endsWith('()')) {
      bare = bare.slice(0, -2);
      calls += 1;
    }
    parts.push(bare);
    for (; calls > 0; calls -= 1) parts.push('()');
  }
  return parts;
}
