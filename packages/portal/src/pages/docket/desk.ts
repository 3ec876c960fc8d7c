import { cases, claims } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shownWithin } from '../../page/shown.ts';
import { empty, table } from '../../parts/lists.ts';
import { forbiddenPage } from '../error.ts';
import type { Asked } from '../route.ts';
import { caseTable } from './case.ts';

/** States of a claim in which somebody of the staff has to do something, the most urgent first. */
const WAITING = ['received', 'valid', 'deferred'] as const;

/** The queue of an investigator: what waits, the longest first. */
export async function deskPage({ visit, client }: Asked): Promise<Page> {
  if (visit.account?.isStaff !== true) return forbiddenPage(visit);
  const { words } = visit;
  const { say } = words;
  const [open, ...waiting] = await Promise.all([
    client.ask(cases.list, { query: { limit: 50 } }),
    ...WAITING.map((state) => client.ask(claims.list, { query: { state, limit: 50 } })),
  ]);
  const queue = waiting
    .flatMap(({ items }) => items)
    .sort((a, b) => (a.since < b.since ? -1 : 1))
    .map((one) => [
      html`<a href="/claims/${one.id}">${one.id}</a>` as Html,
      words.word('claim-state', one.state),
      words.time(new Date(one.since)),
      one.outcome === undefined ? '–' : words.word('outcome', one.outcome),
      html`<span class="mono small">${shownWithin(one.locator ?? '–', 160)}</span>` as Html,
    ]);
  const heads = [
    say('head.id'),
    say('head.state'),
    say('desk.since'),
    say('claim.outcome'),
    say('head.where'),
  ];
  return {
    title: say('nav.desk'),
    body: html`<h1>${say('nav.desk')}</h1>
<h2>${say('nav.claims')}</h2>${queue.length === 0 ? empty(words, 'desk.empty') : table(say('nav.claims'), heads, queue)}
<h2>${say('front.cases')}</h2>${open.items.length === 0 ? empty(words, 'cases.empty') : caseTable(words, open.items)}`,
  } as Page;
}
