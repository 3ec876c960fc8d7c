import { textOfLatin1 } from '@avow/bytes';
import type { Literal } from '../record.ts';

/** A named pattern of a YARA rule. */
export interface YaraPattern {
  /** With its `$`. */
  readonly name: string;
  readonly kind: 'text' | 'hex' | 'regex';
  /** Between the quotes, braces or slashes, as written. */
  readonly written: string;
  readonly modifiers: readonly string[];
}

export interface YaraParts {
  readonly meta: ReadonlyMap<string, string>;
  readonly patterns: readonly YaraPattern[];
  /** Comments out, spaces in one width. */
  readonly condition: string;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|(?<=[=(,]\s{0,64})\/(?![/*])(?:[^/\\\n]|\\.)+\/[is]*|(?<=\bmatches\s{1,64})\/(?![/*])(?:[^/\\\n]|\\.)+\/[is]*/g;

/** A rule's body without comments. */
export function withoutComments(body: string): string {
  return body.replaceAll(TOKEN, (token) =>
    token.startsWith('//') || token.startsWith('/*') ? ' ' : token,
  );
}

const SECTION = /^(meta|strings|condition|variables)\s*:/;
const META = /([A-Za-z_]\w*)\s*=\s*("(?:[^"\\\n]|\\.)*"|true|false|-?\d+)/y;
const TEXT = /(\$\w*)\s*=\s*"((?:[^"\\\n]|\\.)*)"/y;
const HEX = /(\$\w*)\s*=\s*\{([^}]*)\}/y;
const REGEX = /(\$\w*)\s*=\s*\/((?:[^/\\\n]|\\.)+)\/([is]*)/y;
const MODIFIER =
  /\s*(nocase|wide|ascii|fullword|private|xor(?:\s*\([^)]*\))?|base64wide(?:\s*\([^)]*\))?|base64(?:\s*\([^)]*\))?)(?!\w)/y;

/** Sections of a rule's body, which is what stands between its braces. */
export function partsOf(body: string): YaraParts {
  const text = withoutComments(body);
  const meta = new Map<string, string>();
  const patterns: YaraPattern[] = [];
  let condition = '';
  let section = '';
  for (let at = 0; at < text.length; ) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    const head = SECTION.exec(text.slice(at, at + 24));
    if (head !== null) {
      section = head[1]!;
      at += head[0].length;
      if (section === 'condition') {
        condition = text.slice(at).replaceAll(/\s+/g, ' ').trim();
        break;
      }
      continue;
    }
    const end = section === 'meta' ? metaAt(text, at, meta) : patternAt(text, at, patterns);
    at = end > at ? end : at + 1;
  }
  return { meta, patterns, condition };
}

function metaAt(text: string, at: number, meta: Map<string, string>): number {
  META.lastIndex = at;
  const match = META.exec(text);
  if (match === null) return at;
  const value = match[2]!;
  meta.set(match[1]!, value.startsWith('"') ? textOfLatin1(unescaped(value.slice(1, -1))) : value);
  return META.lastIndex;
}

function patternAt(text: string, at: number, patterns: YaraPattern[]): number {
  for (const [kind, form] of [
    ['text', TEXT],
    ['regex', REGEX],
    ['hex', HEX],
  ] as const) {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match === null) continue;
    const modifiers = match[3] === undefined || match[3] === '' ? [] : match[3].split('');
    let end = form.lastIndex;
    for (MODIFIER.lastIndex = end; ; ) {
      const modifier = MODIFIER.exec(text);
      if (modifier === null) break;
      modifiers.push(modifier[1]!);
      end = MODIFIER.lastIndex;
    }
    patterns.push({ name: match[1]!, kind, written: match[2]!, modifiers });
    return end;
  }
  return at;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

/** A quoted text with `\n`, `\t`, `\xHH` and the rest resolved; one character a byte. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_whole, hex, char) =>
    hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** What a pattern looks for, decoded. */
export function literalsOf(pattern: YaraPattern): Literal[] {
  switch (pattern.kind) {
    case 'text':
      return [{ text: textOfLatin1(unescaped(pattern.written)), written: 'text' }];
    case 'regex':
      return [{ text: textOfLatin1(pattern.written), written: 'regex' }];
    case 'hex':
      return hexTexts(pattern.written);
    default:
      return pattern.kind satisfies never;
  }
}

function hexTexts(written: string): Literal[] {
  const found: Literal[] = [];
  for (const run of written.match(/(?:[0-9a-fA-F]{2}[ \t\r\n]*){4,}/g) ?? []) {
    const bytes = run
      .match(/[0-9a-fA-F]{2}/g)!
      .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
      .join('');
    for (const wide of bytes.match(/(?:[\x20-\x7e]\0){4,}/g) ?? [])
      found.push({ text: wide.replaceAll('\0', ''), written: 'hex-utf16' });
    for (const plain of bytes.match(/[\x09\x0a\x0d\x20-\x7e\x80-\xff]{4,}/g) ?? [])
      found.push({ text: textOfLatin1(plain), written: 'hex' });
  }
  return found;
}
