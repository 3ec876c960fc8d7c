import { html, raw } from 'hono/html';

/** What a template gives: text that is escaped already. */
export type Html = ReturnType<typeof raw>;

/**
 * Text of a product, a claimant or anybody, made safe and honest to look at:
 * control characters (C0, C1, DEL), bidirectional controls, invisible and
 * unassigned code points and lone surrogates are shown as marked escapes, so
 * that text cannot hide nor read in another order than its characters; all
 * else is escaped by the template. The text is isolated from the direction of
 * what stands around it (HTML 4.5.25, `bdi`).
 */
export function shown(text: string): Html {
  if (!ODD.test(text)) return html`<bdi>${text}</bdi>` as Html;
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(ODD_ALL)) {
    pieces.push(escaped(text.slice(from, match.index)));
    pieces.push(`<span class="odd">${escapeOf(match[0])}</span>`);
    from = match.index + match[0].length;
  }
  pieces.push(escaped(text.slice(from)));
  return raw(`<bdi>${pieces.join('')}</bdi>`);
}

/** The same, cut to so many UTF-16 code units, with `…` where something was cut. */
export function shownWithin(text: string, most: number): Html {
  if (text.length <= most) return shown(text);
  const cut = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '');
  return shown(`${cut}…`);
}

/** The same as plain text: for titles, and for names of controls that only a screen reader says. */
export function plainly(text: string): string {
  return text.replaceAll(ODD_ALL, escapeOf);
}

const ODD_SET =
  '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\u115f\\u1160\\u2800\\u3164\\uffa0]';
const ODD = new RegExp(ODD_SET, 'u');
const ODD_ALL = new RegExp(ODD_SET, 'gu');

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
