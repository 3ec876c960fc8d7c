import { cases, claims } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shownWithin } from '../../page/shown.ts';
import { nextDue, type Standing } from '../../parts/clock.ts';
import { empty, table } from '../../parts/lists.ts';
import { forbiddenPage } from '../error.ts';
import type { Asked } from '../route.ts';

/** States of a claim in which somebody of the staff has to do something, the most urgent first. */
const WAITING = ['received', 'valid', 'deferred'] as const;

/** Nobody has to do anything in these. */
const SETTLED = new Set(['published', 'corrected', 'withdrawn', 'superseded']);

/** The queue of an investigator: what waits, by its deadline. */
export async function deskPage({ visit, client }: Asked): Promise<Page> {
  if (visit.account?.isStaff !== true) return forbiddenPage(visit);
  const { words } = visit;
  const { say } = words;
  const [open, ...waiting] = await Promise.all([
    client.ask(cases.list, { query: { limit: 50 } }),
    ...WAITING.map((state) => client.ask(claims.list, { query: { state, limit: 50 } })),
  ]);
  const queue = byDeadline(
    'claim',
    waiting.flatMap(({ items }) => items),
  ).map(({ one, due }) => [
    html`<a href="/claims/${one.id}">${one.id}</a>` as Html,
    words.word('claim-state', one.state),
    due === undefined ? '–' : words.time(due),
    one.outcome === undefined ? '–' : words.word('outcome', one.outcome),
    html`<span class="mono small">${shownWithin(one.locator ?? '–', 160)}</span>` as Html,
  ]);
  const running = byDeadline(
    'case',
    open.items.filter(({ can, state }) => can.length > 0 && !SETTLED.has(state)),
  ).map(({ one, due }) => [
    html`<a href="/cases/${one.id}">${one.id}</a>` as Html,
    words.word('case-state', one.state),
    due === undefined ? '–' : words.time(due),
    one.verdict === undefined ? '–' : words.word('outcome', one.verdict.outcome),
    html`${shownWithin(one.said, 120)}<br><span class="mono small">${shownWithin(one.locator, 160)}</span>` as Html,
    html`<a href="/compare?at=${encodeURIComponent(one.locator)}">${say('desk.compare')}</a>` as Html,
  ]);
  const heads = [
    say('head.id'),
    say('head.state'),
    say('desk.due'),
    say('claim.outcome'),
    say('head.where'),
  ];
  return {
    title: say('nav.desk'),
    body: html`<h1>${say('nav.desk')}</h1>
<h2>${say('nav.claims')}</h2>${queue.length === 0 ? empty(words, 'desk.empty') : table(say('nav.claims'), heads, queue)}
<h2>${say('front.cases')}</h2>${running.length === 0 ? empty(words, 'cases.empty') : table(say('front.cases'), [...heads, say('desk.compare')], running)}`,
  } as Page;
}

/** What is due first stands first; what has no clock stands last. */
function byDeadline<Item extends Standing>(of: 'claim' | 'case', items: readonly Item[]) {
  const time = (due: Date | undefined) => due?.getTime() ?? Number.POSITIVE_INFINITY;
  return items
    .map((one) => ({ one, due: nextDue(of, one) }))
    .sort((a, b) => (time(a.due) < time(b.due) ? -1 : time(a.due) > time(b.due) ? 1 : 0));
}
