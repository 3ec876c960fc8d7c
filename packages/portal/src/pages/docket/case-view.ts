import { type AnswerOf, advisories, type cases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import type { Page } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { advisoryLinks, caseOfAdvisory } from '../../parts/advisory.ts';
import { clock } from '../../parts/clock.ts';
import { faultNotice, type Typed } from '../../parts/forms.ts';
import { empty, facts } from '../../parts/lists.ts';
import { loggedEntries, loggedPart } from '../../parts/logged.ts';
import { PROOF_ISLAND } from '../../parts/verify-entry.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';
import { actions } from './case-actions.ts';
import { runs } from './case-runs.ts';
import { statements } from './case-said.ts';

type Case = AnswerOf<typeof cases.read>;
type Advisory = AnswerOf<typeof advisories.list>['items'][number];

/** What was published of a case, in every form. */
async function publishedOf(client: Asked['client'], one: Case): Promise<Advisory | undefined> {
  if (one.revisions.length === 0) return undefined;
  const { items } = await client.ask(advisories.list);
  return items.find(({ id }) => caseOfAdvisory(id) === one.id);
}

/** The log's entries of what was published: those that the docket knows of, else those that have the digest of a run's receipt. */
function loggedOf(words: Words, client: Ask, { logged = [], runs }: Case): Promise<Html> {
  const entries = logged.flatMap((one) => one.entries.map(Number));
  if (entries.length > 0) return loggedEntries(words, client, entries);
  const receipts = runs.map(({ receipt }) => receipt);
  return loggedPart(words, client, receipts, 'verdict');
}

/** One case, with what the forms of its page came to. */
export async function caseView(
  { visit, client, url }: Asked,
  one: Case,
  typed: Typed,
): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const published = await publishedOf(client, one);
  return {
    title: one.id,
    islands: [PROOF_ISLAND],
    status: typed.problem === undefined ? 200 : 400,
    crumbs: [
      { path: '/claims', text: say('nav.claims') },
      { path: '/cases', text: say('front.cases') },
    ],
    body: html`<h1>${one.id}: ${shownWithin(one.said, 200)}</h1>
<p class="printed small">${`${url.origin}/cases/${one.id}`}</p>
${faultNotice(words, typed)}
${one.verdict === undefined ? '' : verdictPart(words, one.verdict)}
${clock(words, 'case', one)}
${facts([
  [
    say('head.where'),
    html`<a class="mono" href="/places?at=${encodeURIComponent(one.locator)}">${shown(one.locator)}</a>` as Html,
  ],
  [say('case.opened'), words.time(new Date(one.openedAt))],
  [
    say('case.embargo'),
    one.embargo && `${words.word('embargo', one.embargo.state)} ${one.embargo.end ?? ''}`,
  ],
])}
${one.missed.length === 0 ? '' : html`<h2>${say('case.missed')}</h2><ul>${one.missed.map(({ at, says }) => html`<li>${words.time(new Date(at))}: ${says}</li>`)}</ul>`}
<h2>${say('case.statements')}</h2>
${statements(visit, one)}
<h2>${say('case.runs')}</h2>
${await runs(words, client, one, url.origin)}
<h2>${say('case.evidence')}</h2>
${one.evidence.length === 0 ? empty(words, 'case.no-evidence') : html`<ul>${one.evidence.map(({ digest, name }) => html`<li><a href="/api/v1/cases/${one.id}/evidence/${digest}" download>${shown(name)}</a> <code class="small">${digest}</code></li>`)}</ul>`}
${one.revisions.length === 0 ? '' : html`<h2>${say('case.revisions')}</h2><ol>${one.revisions.map(({ at, summary }) => html`<li>${words.time(new Date(at))}: ${shown(summary)}</li>`)}</ol>`}
${published === undefined ? '' : html`<section aria-labelledby="advisory"><h2 id="advisory">${say('case.advisory')}</h2>${advisoryLinks(published)}</section>`}
${one.revisions.length === 0 ? '' : html`<section aria-labelledby="logged"><h2 id="logged">${say('case.logged')}</h2>${await loggedOf(words, client, one)}</section>`}
${visit.account === undefined ? '' : actions(visit, one, typed)}`,
  } as Page;
}

/** What is decided against the maker is marked as such; so is what clears them. */
function toneOf({ decidedAt, outcome }: Case['verdict'] & {}): string {
  if (decidedAt === undefined) return '';
  if (outcome === 'undeclared' || outcome === 'contradicts') return 'bad';
  return outcome === 'unknown' ? 'warn' : 'good';
}

function verdictPart(words: Words, verdict: Case['verdict'] & {}) {
  const { say } = words;
  return html`<section class="notice ${toneOf(verdict)}"><h2>${say('case.verdict')}: ${words.word('outcome', verdict.outcome)}</h2><p>${shown(verdict.summary)}</p><p class="small quiet">${say('case.proposed', { who: verdict.by || say('case.unnamed'), time: words.time(new Date(verdict.at)) })}${
    verdict.approvedBy === undefined || verdict.decidedAt === undefined
      ? ''
      : html`<br>${say('case.approved', { who: verdict.approvedBy || say('case.unnamed'), time: words.time(new Date(verdict.decidedAt)) })}`
  }</p></section>`;
}
