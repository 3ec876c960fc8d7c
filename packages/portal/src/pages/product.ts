import { declarations, products, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import { empty, facts, pages } from '../parts/lists.ts';
import { releaseLine } from '../parts/release.ts';
import type { Asked } from './route.ts';

/** One product: its releases on a line of time, and what its maker declares. */
export async function productPage({ visit, client, params, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const product = Number(params.product);
  const after = url.searchParams.get('after') ?? undefined;
  const query = { product, ...(after === undefined ? {} : { after }) };
  const [found, list, declared] = await Promise.all([
    client.ask(products.read, { params: { product } }),
    client.ask(releases.list, { query }),
    client.ask(declarations.list, { query: { product } }),
  ]);
  const name = shown(found.name);
  return {
    title: found.name,
    crumbs: [{ path: '/products', text: say('products.title') }],
    body: html`<h1>${name}</h1>
${facts([
  [say('product.number'), String(found.number)],
  [say('product.maker'), found.maker],
  [say('product.since'), words.time(new Date(found.at))],
] as never)}
<p><a class="button" href="/claims/new?product=${found.number}">${say('front.claim')}</a></p>
<div class="columns">
<section aria-labelledby="releases"><h2 id="releases">${say('product.releases')}</h2>
<ol class="line">${list.items.map((release) => html`<li>${releaseLine(words, release, false)}</li>`)}</ol>
${pages(words, visit.at, list.next)}</section>
<section aria-labelledby="declared"><h2 id="declared">${say('product.declarations')}</h2>
${
  declared.items.length === 0
    ? empty(words, 'product.no-declaration')
    : html`<ul>${declared.items.map((one) => html`<li><a href="/api/v1/declarations/${one.digest}">${shown(one.name)} ${shown(one.versions)}</a> <span class="quiet small">${shown(one.date)}</span></li>`)}</ul>`
}</section>
</div>`,
  } as Page;
}
