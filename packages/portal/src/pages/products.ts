import { products } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import { empty, pages, table } from '../parts/lists.ts';
import type { Asked } from './route.ts';

/** All products, by name. */
export async function productsPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const q = url.searchParams.get('q') ?? '';
  const after = url.searchParams.get('after') ?? undefined;
  const query = { ...(q === '' ? {} : { q }), ...(after === undefined ? {} : { after }) };
  const { items, next } = await client.ask(products.list, { query });
  const rows = items.map((product) => [
    html`<a href="/products/${product.number}">${shown(product.name)}</a>`,
    String(product.number),
    product.maker ?? '–',
    words.day(new Date(product.at)),
  ]);
  const heads = [
    say('products.title'),
    say('product.number'),
    say('product.maker'),
    say('product.since'),
  ];
  return {
    title: say('products.title'),
    body: html`<h1>${say('products.title')}</h1>
<form method="get" class="search field"><label class="unseen" for="q">${say('products.filter')}</label>
<input id="q" name="q" type="search" value="${q}" maxlength="200" placeholder="${say('products.filter')}"><button>${say('search.button')}</button></form>
${rows.length === 0 ? empty(words, 'products.empty') : table(say('products.title'), heads, rows as never)}
${pages(words, visit.at, next)}`,
  } as Page;
}
