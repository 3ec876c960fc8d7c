import { advisories, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { shown, shownWithin } from '../page/shown.ts';
import { advisoryLinks, caseOfAdvisory } from '../parts/advisory.ts';
import { empty } from '../parts/lists.ts';
import { releaseLine } from '../parts/release.ts';
import { tag } from '../parts/tags.ts';
import type { Asked } from './route.ts';

const FEEDS = [
  { path: '/feeds/advisories.atom', type: 'application/atom+xml', title: 'Atom' },
  { path: '/feeds/advisories.json', type: 'application/feed+json', title: 'JSON Feed' },
] as const;

/** What became public lately, and how to be told. */
export async function newsPage({ visit, client }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [out, newest] = await Promise.all([
    client.ask(advisories.list),
    client.ask(releases.list, { query: { limit: 30 } }),
  ]);
  return {
    title: say('nav.news'),
    feeds: FEEDS,
    islands: ['news'],
    body: html`<h1>${say('nav.news')}</h1>
<p>${say('news.feeds')} ${FEEDS.map(({ path, title }) => html`<a class="button" href="${path}">${title}</a> `)}</p>
<p><a href="/account/webhooks">${say('webhook.open')}</a></p>
<p id="live" role="status" class="quiet" data-says="${say('news.live', { what: '{what}' })}"></p>
<div class="columns even">
<section><h2>${say('news.verdicts')}</h2>${
      out.items.length === 0
        ? empty(words, 'news.no-verdicts')
        : html`<ol class="line">${out.items.map((one) => html`<li>${tag(words, 'outcome', one.outcome)} <a href="${caseOfAdvisory(one.id) === undefined ? '/cases' : `/cases/${caseOfAdvisory(one.id)}`}">${shown(one.title)}</a> ${advisoryLinks(one)}<p>${shownWithin(one.summary, 400)}</p><span class="quiet small">${words.time(new Date(one.updated))}</span></li>`)}</ol>`
    }</section>
<section><h2>${say('front.releases')}</h2>${
      newest.items.length === 0
        ? empty(words, 'front.empty')
        : html`<ol class="line">${newest.items.map((release) => html`<li>${releaseLine(words, release, true)}</li>`)}</ol>`
    }</section></div>`,
  } as Page;
}
