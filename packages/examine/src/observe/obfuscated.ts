import { Kind, type ScriptTree, textOf } from '@avow/formats/script';

/** Below this a script is too small to tell. */
const MIN_NAMES = 12;

/** Characters of source that are looked at for escapes. */
const MAX_SAMPLE = 4_000_000;

/** How obfuscated code gives itself away; minified code does none of this. */
export interface Obfuscation {
  readonly node: number;
  readonly sign: string;
}

/**
 * Signs that a script was made hard to read, beyond being small.
 *
 * Calibrated on ten popular packages, minified and not (docs/decisions/0020):
 * names such as `_0x3fa2` in number; texts written mostly in `\x` escapes;
 * invisible characters that change what a reader sees. Those are not looked
 * for where `mayHide` is false: of the module's bytes, `mayHideIn` says so.
 */
export function obfuscationOf(tree: ScriptTree, mayHide: boolean): Obfuscation[] {
  return [...hexNames(tree), ...escapedTexts(tree), ...(mayHide ? invisibles(tree) : [])];
}

const HEX_NAME = /^_0x[0-9a-fA-F]{2,8}$/;

/** Names that obfuscators make: `_0x` and hex digits. */
function hexNames(tree: ScriptTree): Obfuscation[] {
  const { kind, name, names, count } = tree;
  if (!hasHexNames(names)) return [];
  const verdicts = new Map<number, boolean>();
  let first = -1;
  let distinct = 0;
  for (let at = 0; at < count; at += 1) {
    if (kind[at] !== Kind.Identifier || verdicts.has(name[at]!)) continue;
    const isHex = HEX_NAME.test(names[name[at]!]!);
    verdicts.set(name[at]!, isHex);
    if (!isHex) continue;
    distinct += 1;
    if (first < 0) first = at;
  }
  if (distinct < MIN_NAMES) return [];
  return [{ node: first, sign: `${distinct} names such as ${textOf(tree, first)}` }];
}

/** Whether there are as many at all: the list of names is shorter than that of nodes. */
function hasHexNames(names: readonly string[]): boolean {
  let found = 0;
  for (const name of names) if (name.startsWith('_0x') && HEX_NAME.test(name)) found += 1;
  return found >= MIN_NAMES;
}

const ESCAPE = /\\x[2-7][0-9a-fA-F]/g;

/** Texts of letters that are written as escapes throughout: nobody writes `\x68\x74\x74\x70`. */
function escapedTexts(tree: ScriptTree): Obfuscation[] {
  const { text, kind, count, start, end } = tree;
  if (text.length > MAX_SAMPLE || !text.includes('\\x')) return [];
  let first = -1;
  let found = 0;
  for (let at = 0; at < count; at += 1) {
    if (kind[at] !== Kind.String || end[at]! - start[at]! < 18) continue;
    const source = text.slice(start[at]! + 1, end[at]! - 1);
    if (!source.startsWith('\\x')) continue;
    const escapes = source.match(ESCAPE)?.length ?? 0;
    if (escapes * 4 < source.length * 0.9) continue;
    found += 1;
    if (first < 0) first = at;
  }
  return found < 2
    ? []
    : [{ node: first, sign: `${found} texts of letters written as \\x escapes` }];
}

/** Bidirectional overrides (Trojan Source, CVE-2021-42574) and runs of variation selectors that hide data. */
const BIDI = /[\u202a\u202b\u202d\u202e\u2066\u2067\u2068]/;
const HIDDEN_RUN = /(?:[\ufe00-\ufe0f]|\u200b|\u2060|[\u{e0100}-\u{e01ef}]){16}/u;
/** All of these, and the high surrogate of the supplementary variation selectors. */
const INVISIBLE = /[\u200b\u202a\u202b\u202d\u202e\u2060\u2066\u2067\u2068]|[\ufe00-\ufe0f]|\udb40/;

/** Their UTF-8: the first two bytes as one number, then from which third byte to which. */
const INVISIBLE_BYTES = [
  [0xe280, 0x8b, 0x8b],
  [0xe280, 0xaa, 0xab],
  [0xe280, 0xad, 0xae],
  [0xe281, 0xa0, 0xa0],
  [0xe281, 0xa6, 0xa8],
  [0xefb8, 0x80, 0x8f],
  [0xf3a0, 0x80, 0x8f],
] as const;
const LEADS: readonly number[] = [...new Set(INVISIBLE_BYTES.map(([two]) => two >> 8))];

/**
 * Whether a text may have such a character, by its UTF-8. Bytes are searched
 * ten times as fast as characters are matched with a pattern.
 */
export function mayHideIn(utf8: Uint8Array): boolean {
  return LEADS.some((lead) => {
    for (let at = utf8.indexOf(lead); at >= 0; at = utf8.indexOf(lead, at + 1)) {
      const two = (lead << 8) | utf8[at + 1]!;
      const third = utf8[at + 2]!;
      if (INVISIBLE_BYTES.some(([of, from, to]) => of === two && third >= from && third <= to))
        return true;
    }
    return false;
  });
}

function invisibles(tree: ScriptTree): Obfuscation[] {
  const { text, kind, count, start, end, name, names } = tree;
  if (!INVISIBLE.test(text)) return [];
  const found: Obfuscation[] = [];
  for (let at = 0; at < count && found.length < 10; at += 1) {
    const isText = kind[at] === Kind.String || kind[at] === Kind.TemplateElement;
    if (!isText || name[at]! < 0) continue;
    const source = text.slice(start[at], end[at]);
    if (source.length > 1_000_000 || !INVISIBLE.test(source)) continue;
    if (HIDDEN_RUN.test(names[name[at]!]!))
      found.push({ node: at, sign: 'a text that hides data in invisible characters' });
    else if (BIDI.test(source) && isOverridden(source))
      found.push({ node: at, sign: 'a text that is shown in another order than it runs' });
  }
  return found;
}

/** Several overrides in one short text; a table of Unicode's characters is none. */
function isOverridden(source: string): boolean {
  return (
    source.length < 400 &&
    /[\u202e\u2066][^\u202c\u2069]{2,}/.test(source) &&
    /[;(){}]/.test(source)
  );
}
