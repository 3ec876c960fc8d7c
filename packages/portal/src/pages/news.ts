import { advisories, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Page, Visit } from '../page/page.ts';
import { shown, shownWithin } from '../page/shown.ts';
import { advisoryLinks, caseOfAdvisory } from '../parts/advisory.ts';
import { feedsOf, followLinks, queryOf, type Wanted, wantedOf } from '../parts/follow.ts';
import { field } from '../parts/forms.ts';
import { empty } from '../parts/lists.ts';
import { releaseLine } from '../parts/release.ts';
import { tag } from '../parts/tags.ts';
import type { Words } from '../words/words.ts';
import type { Asked } from './route.ts';

const FEEDS = [
  { path: '/feeds/advisories.atom', type: 'application/atom+xml', title: 'Atom' },
  { path: '/feeds/advisories.json', type: 'application/feed+json', title: 'JSON Feed' },
] as const;

/** What became public lately, all of it or what one wants to hear of, and how to be told. */
export async function newsPage({ visit, client, url }: Asked): Promise<Page> {
  const wanted = wantedOf((name) => url.searchParams.get(name));
  return queryOf(wanted) === '' ? allNews(visit, client) : newsOf(visit, client, wanted);
}

async function allNews(visit: Visit, client: Ask): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [out, newest] = await Promise.all([
    client.ask(advisories.list),
    client.ask(releases.list, { query: { limit: 30 } }),
  ]);
  return {
    title: say('nav.news'),
    feeds: [...FEEDS, ...feedsOf({})],
    islands: ['news'],
    body: html`<h1>${say('nav.news')}</h1>
<p id="live" role="status" class="quiet" data-says="${say('news.live', { what: '{what}' })}"></p>
<div class="columns even">
<section><h2>${say('news.verdicts')}</h2>${
      out.items.length === 0
        ? empty(words, 'news.no-verdicts')
        : html`<ol class="line">${out.items.map((one) => html`<li>${tag(words, 'outcome', one.outcome)} <a href="${caseOfAdvisory(one.id) === undefined ? '/cases' : `/cases/${caseOfAdvisory(one.id)}`}">${shown(one.title)}</a> ${advisoryLinks(one)}<p>${shownWithin(one.summary, 400)}</p><span class="quiet small">${words.time(new Date(one.updated))}</span></li>`)}</ol>`
    }
<p>${say('news.feeds')} ${FEEDS.map(({ path, title }) => html`<a href="${path}">${title}</a> `)}</p></section>
<section><h2>${say('front.releases')}</h2>${
      newest.items.length === 0
        ? empty(words, 'front.empty')
        : html`<ol class="line">${newest.items.map((release) => html`<li>${releaseLine(words, release, true)}</li>`)}</ol>`
    }
<p>${say('news.all-feeds')} ${feedsOf({}).map(({ path, title }) => html`<a href="${path}">${title}</a> `)}</p></section></div>
${followForm(words, {})}`,
  } as Page;
}

interface FeedItem {
  readonly url: string;
  readonly title: string;
  readonly date_published: string;
}

async function newsOf(visit: Visit, client: Ask, wanted: Wanted): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [, { path }] = feedsOf(wanted);
  const response = await client.fetch(path);
  const { items = [] } = response.ok
    ? ((await response.json()) as { readonly items?: readonly FeedItem[] })
    : {};
  const what = Object.values(wanted).join(', ');
  return {
    title: say('news.of', { what }),
    feeds: feedsOf(wanted),
    status: response.ok ? 200 : 400,
    crumbs: [{ path: '/news', text: say('nav.news') }],
    body: html`<h1>${shown(say('news.of', { what }))}</h1>
${response.ok ? followLinks(words, wanted) : html`<div class="notice bad" role="alert"><p>${say('news.unclear')}</p></div>`}
${items.length === 0 ? empty(words, 'news.none-of') : html`<ol class="line">${items.map((item) => html`<li><a href="${pathOf(item.url)}">${shownWithin(item.title, 300)}</a> <span class="quiet small">${words.time(new Date(item.date_published))}</span></li>`)}</ol>`}
${followForm(words, wanted)}`,
  } as Page;
}

/** What one wants to hear of. */
function followForm(words: Words, wanted: Wanted) {
  const { say } = words;
  const typed = { values: wanted as Readonly<Record<string, string>> };
  return html`<section aria-labelledby="follow"><h2 id="follow">${say('news.narrow')}</h2><p>${say('follow.says')}</p>
<form method="get" action="/news" class="fields">
${field(words, typed, 'product', 'follow.product', { most: 16, says: 'follow.product-says' })}
${field(words, typed, 'maker', 'product.maker', { most: 64 })}
${field(words, typed, 'host', 'follow.host', { most: 253, says: 'follow.host-says' })}
${field(words, typed, 'feature', 'follow.feature', { most: 60, says: 'follow.feature-says' })}
<button>${say('follow.show')}</button></form>
<p><a href="/account/webhooks">${say('webhook.open')}</a></p></section>`;
}

/** Items of our own feeds lead to this site. */
function pathOf(address: string): string {
  const url = new URL(address, 'http://portal.invalid');
  return url.pathname + url.search;
}
