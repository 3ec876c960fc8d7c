import type { AnswerOf, modules } from '@avow/server/contract';
import { html, raw } from 'hono/html';
import { type Html, plainly, shown, shownWithin } from '../../page/shown.ts';
import type { Words } from '../../words/words.ts';
import type { Feature } from './found.ts';
import { locatorOf, type ModulePath, moduleHref } from './frame.ts';

export type CodeLine = AnswerOf<typeof modules.code>['lines'][number];

/** A branch table of WebAssembly may name thousands of blocks. */
const MAX_TEXT = 400;
const MAX_NAME = 160;
/** Blocks that a line is moved in by; deeper ones are as deep as this. */
const MAX_DEPTH = 24;

/** Instructions in a table: address, bytes, text with what it reaches, and what was found there. */
export function machineTable(
  words: Words,
  module: ModulePath,
  lines: readonly CodeLine[],
  found: readonly { readonly place: string; readonly feature: Feature }[],
  caption: string,
): Html {
  const { say } = words;
  const features = new Map<string, Feature[]>();
  for (const { place, feature } of found) {
    features.set(place, [...(features.get(place) ?? []), feature]);
  }
  const shownHere = new Set(lines.map(({ place }) => place));
  const rows = lines.map((line) => {
    const locator = locatorOf(module, line.place);
    const marks = features.get(line.place) ?? [];
    return html`<tr id="L${line.at}" ${line.isPlace ? html`class="here"` : ''} data-locator="${locator}" data-whole="">
<td class="at"><a href="/places?at=${encodeURIComponent(locator)}">${line.at}</a></td>
<td class="bytes">${bytesOf(line.bytes)}</td>
<td class="text">${instruction(words, module, line, shownHere)}${marks.map(({ feature }) => html` <mark>${words.word('feature', feature)}</mark>`)}</td>
<td class="act screen"><a href="/claims/new?place=${encodeURIComponent(locator)}" title="${say('place.claim')}" aria-label="${say('module.claim-at', { at: line.at })}">${say('module.claim')}</a></td></tr>`;
  });
  return html`<div class="code machine" role="region" tabindex="0" aria-label="${plainly(caption)}"><table><tbody>${rows}</tbody></table></div>` as Html;
}

/** Bytes in pairs. */
function bytesOf(hex: string): string {
  return hex.replaceAll(/../g, '$& ').trim();
}

function instruction(
  words: Words,
  module: ModulePath,
  line: CodeLine,
  shownHere: ReadonlySet<string>,
): Html {
  const indent = ' '.repeat(2 * Math.min(line.depth ?? 0, MAX_DEPTH));
  const [word = '', rest = ''] = splitAtSpace(line.text.slice(0, MAX_TEXT));
  const note = noteOf(words, module, line, shownHere);
  return html`${indent}<span class="k">${bare(word)}</span>${rest === '' ? '' : html` ${bare(rest)}`}${note === undefined ? '' : html`  ${note}`}` as Html;
}

function splitAtSpace(text: string): readonly [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Within a line all is of one direction. */
function bare(text: string): Html {
  return raw(String(shown(text)).replaceAll(/<\/?bdi>/g, ''));
}

/** What an instruction reaches, as a link to it. */
function noteOf(
  { say }: Words,
  module: ModulePath,
  line: CodeLine,
  shownHere: ReadonlySet<string>,
): Html | undefined {
  const { note, to } = line;
  if (note?.kind === 'system') return html`<span class="c">${say('module.system')}</span>` as Html;
  if (note?.kind === 'import') {
    const name = shownWithin(note.text, MAX_NAME);
    if (line.import === undefined) return html`<span class="c">${name}</span>` as Html;
    return html`<a href="${moduleHref(module, 'calls', { import: line.import })}">${name}</a>` as Html;
  }
  if (note?.kind === 'text') {
    return html`<a class="s" href="${moduleHref(module, 'strings', { q: note.text.slice(0, 60) })}">"${shownWithin(note.text, MAX_NAME)}"</a>` as Html;
  }
  const name = to?.name ?? note?.text;
  if (to === undefined)
    return name === undefined
      ? undefined
      : (html`<span class="c">${shownWithin(name, MAX_NAME)}</span>` as Html);
  const said = name === undefined ? html`→` : html`→ ${shownWithin(name, MAX_NAME)}`;
  const label = name === undefined ? html`aria-label="${to.place}"` : '';
  // A branch within what is shown leads to its line.
  const anchor = `#L${to.place.split(':').at(-1)}`;
  const page = moduleHref(module, 'code', { at: to.place });
  const href = shownHere.has(to.place) ? anchor : page;
  return html`<a href="${href}" ${label}>${said}</a>` as Html;
}
