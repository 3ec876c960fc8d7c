import { type AnswerOf, places, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import type { Page } from '../../page/page.ts';
import { type Html, shown } from '../../page/shown.ts';
import { goOn } from '../../parts/forms.ts';
import { empty } from '../../parts/lists.ts';
import { codeTable } from '../../parts/source.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';

type Place = AnswerOf<typeof places.locate>;

/** Rows of each side. */
const AROUND = 40;

/** A place and the same file of the release before it, side by side; rows that only one side has are marked. */
export async function comparePage({ visit, client, url }: Asked): Promise<Page | Response> {
  const { words } = visit;
  const { say } = words;
  const at = url.searchParams.get('at')?.trim() ?? '';
  if (at === '') return goOn('/search');
  const place = await client.ask(places.locate, { query: { locator: at, context: AROUND } });
  const other = url.searchParams.get('with') ?? (await sameBefore(client, place));
  const before =
    other === undefined
      ? undefined
      : await client
          .ask(places.locate, { query: { locator: other, context: AROUND } })
          .catch(() => undefined);
  return {
    title: say('compare.title', { path: place.path }),
    crumbs: [{ path: `/releases/${place.release}`, text: shown(place.target) }],
    body: html`<h1 class="mono">${shown(place.path)}</h1>
<p><a class="button" href="/places?at=${encodeURIComponent(place.locator)}">${say('compare.alone')}</a>${
      before === undefined
        ? ''
        : html` <a class="button" href="/diff?old=${before.release}&new=${place.release}">${say('compare.whole')}</a>`
    }</p>
${
  before === undefined
    ? empty(words, 'compare.none')
    : html`<div class="columns even">${side(words, before, place)}${side(words, place, before)}</div>`
}
${before === undefined ? side(words, place, undefined) : ''}`,
  } as Page;
}

/** The same place of the file in the release before; undefined where there is none. */
async function sameBefore(client: Ask, { release, target, locator }: Place) {
  const own = await client.ask(releases.read, { params: { release } });
  const query = { product: own.product, limit: 50 };
  const { items } = await client.ask(releases.list, { query });
  const before = items.find(({ number }) => number < release);
  return before && `${before.target}${locator.slice(target.length)}`;
}

function side(words: Words, place: Place, other: Place | undefined): Html {
  const known = new Set(other?.lines.map(({ text }) => text.trim()));
  const lines = place.lines.map(({ at, text, column }) => ({
    at,
    text,
    isHere: other !== undefined && !known.has(text.trim()),
    ...(column === undefined ? {} : { column }),
  }));
  const name = `${place.target} ${words.say('compare.side')}`;
  return html`<section><h2 class="mono small">${shown(place.target)}</h2>${codeTable(lines, name, place.kind === 'source', `${place.release}-`)}</section>` as Html;
}
