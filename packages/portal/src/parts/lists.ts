import { html } from 'hono/html';
import type { Html } from '../page/shown.ts';
import type { MessageId, Words } from '../words/words.ts';

/** What stands where a list is empty: that it is, and what to do next. */
export function empty(words: Words, says: MessageId, next?: { path: string; id: MessageId }) {
  return html`<div class="notice"><p>${words.say(says)}</p>${
    next === undefined
      ? ''
      : html`<p><a class="button" href="${next.path}">${words.say(next.id)}</a></p>`
  }</div>`;
}

/** The way on through a list, and back to its beginning. */
export function pages(words: Words, at: string, next: string | undefined) {
  return wayOn(words, at, 'after', next);
}

/** The same, where pages begin at numbers. */
export function numbered(words: Words, at: string, next: number | undefined) {
  return wayOn(words, at, 'from', next === undefined ? undefined : String(next));
}

function wayOn(words: Words, at: string, name: 'after' | 'from', next: string | undefined) {
  const url = new URL(at, 'http://portal.invalid');
  const isFirst = !url.searchParams.has(name);
  if (isFirst && next === undefined) return html``;
  const pathOf = (value: string | undefined) => {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    return url.pathname + url.search;
  };
  const first = isFirst ? '' : html`<a href="${pathOf(undefined)}">${words.say('list.first')}</a>`;
  const more =
    next === undefined
      ? ''
      : html`<a href="${pathOf(next)}" rel="next">${words.say('list.next')}</a>`;
  return html`<nav class="pages" aria-label="${words.say('list.pages')}">${first}${more}</nav>`;
}

/** A table; where the page is narrow each row is a block, its cells under their heads. Roles are said, since blocks lose them. */
export function table(
  caption: Html | string,
  heads: readonly (Html | string)[],
  rows: readonly (readonly (Html | string)[])[],
) {
  return html`<div class="wide" role="group" tabindex="0" aria-label="${caption}"><table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map((cell, at) => html`<td role="cell" data-head="${heads[at] ?? ''}">${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

/** Facts in pairs; those that are absent are left out. */
export function facts(pairs: readonly (readonly [string, Html | string | undefined])[]) {
  const there = pairs.filter(([, value]) => value !== undefined);
  return html`<dl class="facts">${there.map(([name, value]) => html`<dt>${name}</dt><dd>${value!}</dd>`)}</dl>`;
}
