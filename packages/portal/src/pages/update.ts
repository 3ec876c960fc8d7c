import { type AnswerOf, records, updates } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Page } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { empty, facts, pages, table } from '../parts/lists.ts';
import { changeCounts, doesChanges, type RecordChanges } from '../parts/record-changes.ts';
import { recordLocator } from '../parts/record-locator.ts';
import type { Words } from '../words/words.ts';
import { recordChangesOf } from './record-changes.ts';
import type { Asked } from './route.ts';

type Update = AnswerOf<typeof updates.read>;

/** A page waits so long for what changed; of very large databases it is then a click away, and soon there. */
const WAIT_MS = 400;

/** A database update: what changed since the one before, features first, then its records, searched by id and words. */
export async function updatePage({ visit, client, params, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const number = Number(params.update);
  const q = (url.searchParams.get('q') ?? '').trim().slice(0, 200);
  const after = url.searchParams.get('after') ?? undefined;
  const query = {
    update: number,
    ...(q === '' ? {} : { q }),
    ...(after === undefined ? {} : { after }),
  };
  const [update, { items, next }] = await Promise.all([
    client.ask(updates.read, { params: { update: number } }),
    client.ask(records.list, { query }),
  ]);
  const isBeginning = q === '' && after === undefined;
  const rows = items.map((one) => [
    html`<a href="/updates/${number}/records/${one.number}">${shownWithin(one.id === '' ? `${one.line}` : one.id, 80)}</a>` as Html,
    html`<code class="small">${shownWithin(one.text, 240)}</code>` as Html,
    html`<a class="small" href="/places?at=${encodeURIComponent(recordLocator(one))}">${one.member === update.path || one.member.startsWith(`${update.path}!/`) ? say('update.line', { n: one.line }) : html`${shown(one.member)}:${one.line}`}</a>` as Html,
  ]);
  const title = `${update.format} ${update.update}`;
  return {
    title,
    crumbs: [{ path: `/releases/${update.release}`, text: shown(update.target) }],
    body: html`<h1>${shown(title)}</h1>
${facts([
  [say('head.path'), shown(update.path)],
  [say('head.records'), say('update.counts', countsOf(words, update))],
  [
    say('release.digest'),
    update.digest && (html`<code class="small">${update.digest}</code>` as Html),
  ],
])}
${isBeginning ? html`<section aria-labelledby="changed"><h2 id="changed">${say('update.changed')}</h2>${await changed(words, client, update)}</section>` : ''}
<section aria-labelledby="records"><h2 id="records">${say('head.records')}</h2>
<form method="get" class="search field"><label class="unseen" for="q">${say('update.search')}</label><input id="q" name="q" type="search" value="${q}" maxlength="200" placeholder="${say('update.search')}"><button>${say('search.button')}</button></form>
${rows.length === 0 ? empty(words, 'update.empty', q === '' ? undefined : { path: `/updates/${number}`, id: 'update.all' }) : table(say('head.records'), [say('head.id'), say('head.evidence'), say('head.where')], rows)}
${pages(words, visit.at, next)}</section>`,
  } as Page;
}

function countsOf(words: Words, { records: all, understood }: Update) {
  return { records: words.number(all), understood: words.number(understood) };
}

/** What changed since the update before, where that is soon known. */
async function changed(words: Words, client: Ask, { number, before }: Update): Promise<Html> {
  if (before === undefined) return html`<p>${words.say('update.first')}</p>` as Html;
  const path = `/updates/${number}/changes/${before.number}`;
  const found = await soon(recordChangesOf(client, number, before.number, { limit: 1 }));
  const link = html`<p><a class="button" href="${path}">${words.say('update.record-by-record', { version: before.update })}</a></p>`;
  if (found === undefined) return link as Html;
  return html`${doesChanges(words, found)}${changeCounts(words, found, path)}${found.items.length === 0 ? '' : link}` as Html;
}

async function soon(found: Promise<RecordChanges>): Promise<RecordChanges | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), WAIT_MS);
  });
  try {
    return await Promise.race([found.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
