import { recordChanges } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Page } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import { empty, numbered } from '../parts/lists.ts';
import {
  CHANGES,
  changeCounts,
  changeTable,
  doesChanges,
  type RecordChanges,
} from '../parts/record-changes.ts';
import type { Asked } from './route.ts';

const EACH = 100;

interface Part {
  readonly change?: (typeof CHANGES)[number] | undefined;
  readonly from?: number;
  readonly limit: number;
}

/** What one update has that another has not. */
export function recordChangesOf(
  client: Ask,
  update: number,
  before: number,
  { change, from = 0, limit }: Part,
): Promise<RecordChanges> {
  const query = { from, limit, ...(change === undefined ? {} : { change }) };
  return client.ask(recordChanges.read, { params: { update, before }, query });
}

/** Two updates of a database: what their records do differently, then record by record. */
export async function recordChangesPage({ visit, client, params, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [update, before] = [Number(params.update), Number(params.before)];
  const change = CHANGES.find((one) => one === url.searchParams.get('change'));
  const from = Math.max(0, Math.trunc(Number(url.searchParams.get('from') ?? 0)) || 0);
  const found = await recordChangesOf(client, update, before, { change, from, limit: EACH });
  const path = `/updates/${update}/changes/${before}`;
  const title = say('update.title', {
    format: found.now.format,
    old: found.old.update,
    new: found.now.update,
  });
  return {
    title,
    crumbs: [
      { path: `/releases/${found.now.release}`, text: shown(found.now.target) },
      { path: `/updates/${update}`, text: shown(`${found.now.format} ${found.now.update}`) },
    ],
    body: html`<h1>${shown(title)}</h1>
${found.isCut ? html`<div class="notice warn"><p>${say('update.cut')}</p></div>` : ''}
<section aria-labelledby="does"><h2 id="does">${say('update.does')}</h2>${doesChanges(words, found)}</section>
<section aria-labelledby="records"><h2 id="records">${say('update.by-record')}</h2>
${changeCounts(words, found, path)}
${change === undefined ? '' : html`<p>${words.word('record-change', change)} · <a href="${path}">${say('update.all-changes')}</a></p>`}
${found.items.length === 0 ? (change === undefined ? '' : empty(words, 'update.empty', { path, id: 'update.all-changes' })) : changeTable(words, found.items)}
${numbered(words, visit.at, found.next)}</section>
<p><a href="/updates/${before}/changes/${update}">${say('diff.other-way')}</a></p>`,
  } as Page;
}
