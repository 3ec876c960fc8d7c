import { products } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import { followLinks } from '../parts/follow.ts';
import { empty, pages, table } from '../parts/lists.ts';
import type { Asked } from './route.ts';

/** All products, by name. */
export async function productsPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const q = url.searchParams.get('q') ?? '';
  const after = url.searchParams.get('after') ?? undefined;
  const maker = /^[a-z][a-z0-9.-]{0,63}$/.exec(url.searchParams.get('maker') ?? '')?.[0];
  const query = {
    ...(q === '' ? {} : { q }),
    ...(maker === undefined ? {} : { maker }),
    ...(after === undefined ? {} : { after }),
  };
  const { items, next } = await client.ask(products.list, { query });
  const rows = items.map((product) => [
    html`<a href="/products/${product.number}">${shown(product.name)}</a>`,
    String(product.number),
    product.maker === undefined
      ? '–'
      : html`<a href="/products?maker=${product.maker}">${product.maker}</a>`,
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
    body: html`<h1>${maker === undefined ? say('products.title') : say('products.of', { maker })}</h1>
${maker === undefined ? '' : followLinks(words, { maker })}
<form method="get" class="search field"><label class="unseen" for="q">${say('products.filter')}</label>
<input id="q" name="q" type="search" value="${q}" maxlength="200" placeholder="${say('products.filter')}"><button>${say('search.button')}</button></form>
${rows.length === 0 ? empty(words, 'products.empty') : table(say('products.title'), heads, rows as never)}
${pages(words, visit.at, next)}`,
  } as Page;
}
