/**
 * Makes text from a product safe and honest to print: control characters
 * (C0, C1, DEL), bidirectional controls, invisible and unassigned code points
 * and lone surrogates are written as escapes, so that text cannot move the
 * cursor, hide, or read in another order than its bytes. Linear in the text.
 */
export function shown(text: string): string {
  return UNSAFE.test(text) ? text.replaceAll(UNSAFE_ALL, escapeOf) : text;
}

/** The same, cut to `width` columns, with `…` where something was cut. */
export function shownWithin(text: string, width: number): string {
  // Long hostile text is cut before it is escaped: no more can be visible.
  const safe = shown(text.slice(0, width + 1));
  return safe.length <= width ? safe : `${wellFormedCut(safe, Math.max(0, width - 1))}…`;
}

/** A document as JSON that is as safe to print, with a line's end. */
export function jsonText(document: unknown, indent?: number): string {
  return `${safeJson(JSON.stringify(document, undefined, indent))}\n`;
}

/** The same characters within the texts of JSON as JSON's escapes: read again, it is the same document. */
export function safeJson(json: string): string {
  return json.replaceAll(UNSAFE_IN_JSON, jsonEscape);
}

const UNSAFE_SET =
  '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\u115f\\u1160\\u2800\\u3164\\uffa0]';
const UNSAFE = new RegExp(UNSAFE_SET, 'u');
const UNSAFE_ALL = new RegExp(UNSAFE_SET, 'gu');

/** JSON escapes C0 by itself; lines are its own. */
const UNSAFE_IN_JSON = new RegExp(`(?!\\n)${UNSAFE_SET}`, 'gu');

function jsonEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

function wellFormedCut(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
