import { releases, updates } from '@avow/server/contract';
import { html } from 'hono/html';
import { type Page, searchForm } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import { empty } from '../parts/lists.ts';
import { releaseLine } from '../parts/release.ts';
import type { Asked } from './route.ts';

const NEWEST = 8;

/** What this is, the one search box, and what is new. */
export async function frontPage({ visit, client }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [newest, databases] = await Promise.all([
    client.ask(releases.list, { query: { limit: NEWEST } }),
    client.ask(updates.list, { query: { limit: NEWEST } }),
  ]);
  const lately =
    newest.items.length === 0
      ? empty(words, 'front.empty', { path: '/examine', id: 'nav.examine' })
      : html`<ol class="line" id="news">${newest.items.map((release) => html`<li>${releaseLine(words, release, true)}</li>`)}</ol>`;
  const updated = databases.items.map(
    (update) =>
      html`<li><a href="/updates/${update.number}">${shown(update.format)} ${shown(update.update)}</a> <span class="quiet small">${words.number(update.records)} ${say('head.records')}</span></li>`,
  );
  return {
    title: say('front.title'),
    body: html`<h1>${say('front.title')}</h1>
<p>${say('front.says')}</p>
${searchForm(visit, 'front-search')}
<p class="field"></p>
<p><a class="button main" href="/claims/new">${say('front.claim')}</a> <a class="button" href="/claims/track">${say('front.track')}</a></p>
<div class="columns">
<section aria-labelledby="releases"><h2 id="releases">${say('front.releases')}</h2>${lately}</section>
<section aria-labelledby="updates"><h2 id="updates">${say('front.updates')}</h2>${
      updated.length === 0 ? empty(words, 'front.empty') : html`<ul>${updated}</ul>`
    }</section>
</div>`,
  } as Page;
}
