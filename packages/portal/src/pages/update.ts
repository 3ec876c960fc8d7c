import { type AnswerOf, records, releases, updates } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { empty, pages, table } from '../parts/lists.ts';
import { recordLocator } from '../parts/record-locator.ts';
import type { Asked } from './route.ts';

/** A database update and its records, searched by id and words. */
export async function updatePage({ visit, client, params, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const update = Number(params.update);
  const q = (url.searchParams.get('q') ?? '').trim().slice(0, 200);
  const after = url.searchParams.get('after') ?? undefined;
  const query = {
    update,
    ...(q === '' ? {} : { q }),
    ...(after === undefined ? {} : { after }),
  };
  const { items, next } = await client.ask(records.list, { query });
  const release = items[0]?.release;
  const about =
    release === undefined
      ? undefined
      : (await client.ask(updates.list, { query: { release, limit: 200 } })).items.find(
          (one) => one.number === update,
        );
  const rows = items.map((one) => [
    html`<a href="/updates/${update}/records/${one.number}">${shownWithin(one.id === '' ? `${one.line}` : one.id, 80)}</a>` as Html,
    html`<code class="small">${shownWithin(one.text, 240)}</code>` as Html,
    html`<a class="small" href="/places?at=${encodeURIComponent(recordLocator(one))}">${shown(one.member)}:${one.line}</a>` as Html,
  ]);
  const before = about === undefined ? undefined : await previousOf(client, about);
  const title = about === undefined ? say('head.records') : `${about.format} ${about.update}`;
  return {
    title,
    crumbs:
      about === undefined
        ? []
        : [{ path: `/releases/${about.release}`, text: shown(about.target) }],
    body: html`<h1>${shown(title)}</h1>
${about === undefined ? '' : html`<p>${say('update.counts', { records: words.number(about.records), understood: words.number(about.understood) })}</p>`}
${about === undefined ? '' : html`<p>${before === undefined ? say('update.first') : html`<a class="button" href="/diff?old=${before.number}&new=${about.release}">${say('update.changes', { version: before.version })}</a>`}</p>`}
<form method="get" class="search field"><label class="unseen" for="q">${say('update.search')}</label><input id="q" name="q" type="search" value="${q}" maxlength="200" placeholder="${say('update.search')}"><button>${say('search.button')}</button></form>
${rows.length === 0 ? empty(words, 'update.empty') : table(say('head.records'), [say('head.id'), say('head.evidence'), say('head.where')], rows)}
${pages(words, visit.at, next)}`,
  } as Page;
}

type Update = AnswerOf<typeof updates.list>['items'][number];

/** The release before the one that an update is in. */
async function previousOf({ ask }: Asked['client'], update: Update) {
  const own = await ask(releases.read, { params: { release: update.release } });
  const query = { product: own.product, state: 'examined', limit: 50 } as const;
  const { items } = await ask(releases.list, { query });
  return items.find(({ number }) => number < own.number);
}
