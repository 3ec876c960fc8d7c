import { compareVersions } from '@avow/declare';
import { cases, claims, declarations, flows, products, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Page } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { declaredBesideFound } from '../parts/declared.ts';
import { flowsDrawn } from '../parts/flows-drawn.ts';
import { feedsOf, followLinks } from '../parts/follow.ts';
import { history } from '../parts/history.ts';
import { empty, facts, pages } from '../parts/lists.ts';
import { loggedPart } from '../parts/logged.ts';
import type { Release } from '../parts/release.ts';
import { tag } from '../parts/tags.ts';
import { PROOF_ISLAND } from '../parts/verify-entry.ts';
import type { Words } from '../words/words.ts';
import type { Asked } from './route.ts';

/** Releases on one page of the line of time. */
const RELEASES = 50;
/** Of a release so many flows are looked at for its picture. */
const FLOWS = 200;
/** Of the docket's lists, that many of the newest are looked through. */
const DOCKET = 200;

/** One product: its releases on a line of time, what its maker declares beside what was found, its claims and log entries. */
export async function productPage({ visit, client, params, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const product = Number(params.product);
  const after = url.searchParams.get('after') ?? undefined;
  const query = { product, limit: RELEASES, ...(after === undefined ? {} : { after }) };
  const [found, list, declared] = await Promise.all([
    client.ask(products.read, { params: { product } }),
    client.ask(releases.list, { query }),
    client.ask(declarations.list, { query: { product } }),
  ]);
  const [newest] = list.items
    .filter(({ examination }) => examination !== undefined)
    .sort((one, other) => compareVersions(other.version, one.version));
  return {
    title: found.name,
    islands: [PROOF_ISLAND],
    feeds: feedsOf({ product: String(found.number) }),
    crumbs: [{ path: '/products', text: say('products.title') }],
    body: html`<h1>${shown(found.name)}</h1>
${facts([
  [say('product.number'), String(found.number)],
  [
    say('product.maker'),
    found.maker && (html`<a href="/products?maker=${found.maker}">${found.maker}</a>` as Html),
  ],
  [say('product.since'), words.time(new Date(found.at))],
] as never)}
<p><a class="button" href="/claims/new?product=${encodeURIComponent(newest?.target ?? '')}">${say('front.claim')}</a></p>
${followLinks(words, { product: String(found.number) })}
<div class="columns">
<section aria-labelledby="releases"><h2 id="releases">${say('product.releases')}</h2>
${list.items.length === 0 ? empty(words, 'front.empty', { path: '/examine', id: 'nav.examine' }) : await history(words, client, list.items)}
${pages(words, visit.at, list.next)}</section>
<div>${
      declared.items.length === 0
        ? ''
        : html`<section aria-labelledby="declarations"><h2 id="declarations">${say('product.declarations')}</h2><ul class="plain">${declared.items.map((one) => html`<li><a href="/api/v1/declarations/${one.digest}">${shown(one.name)} ${shown(one.versions)}</a> <span class="quiet small">${shown(one.date)}</span></li>`)}</ul></section>`
    }
<section aria-labelledby="claims"><h2 id="claims">${say('product.claims')}</h2>${await docketOf(words, client, newest)}</section>
<section aria-labelledby="updates"><h2 id="updates">${say('product.logged')}</h2>${await loggedPart(words, client, newest === undefined ? [] : [purlOf(newest)])}</section></div>
</div>
${
  newest === undefined
    ? ''
    : html`<section aria-labelledby="flows"><h2 id="flows">${say('release.flows')} <span class="quiet small">${shown(newest.version)}</span></h2>${await flowsOf(words, client, newest)}</section>
<section aria-labelledby="declared"><h2 id="declared">${say('declared.title')} <span class="quiet small">${shown(newest.version)}</span></h2>${await declaredBesideFound(words, client, newest)}</section>`
}`,
  } as Page;
}

/** Where data goes in a release. */
async function flowsOf(words: Words, client: Ask, { number }: Release): Promise<Html> {
  const { items } = await client.ask(flows.list, { query: { release: number, limit: FLOWS } });
  return flowsDrawn(words, items, number);
}

/** Claims and cases of a product, open and past, that the visitor may see. */
async function docketOf(words: Words, client: Ask, release: Release | undefined): Promise<Html> {
  if (release === undefined) return empty(words, 'product.no-claims') as Html;
  const name = `${purlOf(release)}@`;
  const query = { limit: DOCKET };
  const [allCases, allClaims] = await Promise.all([
    client.ask(cases.list, { query }),
    client.ask(claims.list, { query }),
  ]);
  const of = (locator: string | undefined) => locator?.startsWith(name) === true;
  const found = allCases.items.filter(({ locator }) => of(locator));
  const claimed = allClaims.items.filter((one) => of(one.locator) && one.case === undefined);
  if (found.length + claimed.length === 0) {
    const path = `/claims/new?product=${encodeURIComponent(release.target)}`;
    return empty(words, 'product.no-claims', { path, id: 'front.claim' }) as Html;
  }
  return html`<ul class="plain">${found.map((one) => html`<li><a href="/cases/${one.id}">${one.id}</a> ${one.verdict === undefined ? tag(words, 'case-state', one.state) : tag(words, 'outcome', one.verdict.outcome)} ${shownWithin(one.said, 80)}</li>`)}${claimed.map((one) => html`<li><a href="/claims/${one.id}">${one.id}</a> ${tag(words, 'claim-state', one.state)} ${shownWithin(one.said ?? '', 80)}</li>`)}</ul>` as Html;
}

/** What locators and log entries call a product: its releases' target without the version. */
function purlOf({ target }: Release): string {
  return target.slice(0, Math.max(0, target.lastIndexOf('@')));
}
