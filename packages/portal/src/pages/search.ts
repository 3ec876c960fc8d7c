import { features, products, records } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { shown, shownWithin } from '../page/shown.ts';
import { empty } from '../parts/lists.ts';
import type { Asked } from './route.ts';

const EACH = 20;
/** As the API takes it. */
const MOST_LETTERS = 200;

/** Anything: products by name, features and records by their words, and the place that a locator names. */
export async function searchPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const typed = (url.searchParams.get('q') ?? '').trim();
  const q = typed.slice(0, MOST_LETTERS).toWellFormed();
  const query = { q, limit: EACH };
  const [named, able, listed] =
    q === ''
      ? [undefined, undefined, undefined]
      : await Promise.all([
          client.ask(products.list, { query }),
          client.ask(features.list, { query }),
          client.ask(records.list, { query }),
        ]);
  const isLocator = typed.startsWith('pkg:') || typed.startsWith('sha256:');
  const parts = [
    isLocator
      ? html`<h2>${say('search.place')}</h2><p><a class="mono" href="/places?at=${encodeURIComponent(typed)}">${shownWithin(typed, 300)}</a></p>`
      : '',
    section(
      say('search.products'),
      named?.items,
      (one) => html`<a href="/products/${one.number}">${shown(one.name)}</a>`,
    ),
    section(
      say('search.features'),
      able?.items,
      (one) =>
        html`<a href="/places?at=${encodeURIComponent(one.locator)}">${words.word('feature', one.feature)}${one.recipient === undefined ? '' : html` → ${shownWithin(one.recipient, 80)}`}</a><br><span class="mono small quiet">${shownWithin(one.locator, 200)}</span>`,
    ),
    section(
      say('search.records'),
      listed?.items,
      (one) =>
        html`<a href="/updates/${one.update}/records/${one.number}">${shown(one.id)}</a><br><code class="small">${shownWithin(one.text, 160)}</code>`,
    ),
  ].filter((part) => part !== '');
  return {
    title: say('search.title'),
    body: html`<h1>${typed === '' ? say('search.title') : shown(say('search.for', { query: typed.slice(0, 300) }))}</h1>
${parts.length === 0 ? empty(words, 'search.nothing', { path: '/claims/new', id: 'front.claim' }) : parts}`,
  } as Page;
}

function section<Item>(
  title: string,
  items: readonly Item[] | undefined,
  line: (item: Item) => unknown,
) {
  if (items === undefined || items.length === 0) return '';
  return html`<h2>${title}</h2><ul>${items.map((item) => html`<li>${line(item)}</li>`)}</ul>`;
}
