import { type AnswerOf, advisories, cases, releases, updates } from '@avow/server/contract';
import { html } from 'hono/html';
import { type Page, searchForm, type Visit } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { caseOfAdvisory } from '../parts/advisory.ts';
import { empty } from '../parts/lists.ts';
import { releaseLine } from '../parts/release.ts';
import { tag } from '../parts/tags.ts';
import type { Words } from '../words/words.ts';
import type { Asked } from './route.ts';

type Update = AnswerOf<typeof updates.list>['items'][number];
type Case = AnswerOf<typeof cases.list>['items'][number];
type Advisory = AnswerOf<typeof advisories.list>['items'][number];

const NEWEST = 8;
/** Releases bring many databases at once: of so many updates those of the newest releases are told. */
const UPDATES = 200;

/** What one can do here, in the order in which one comes to it. */
const STEPS = [
  { id: 'look', path: '/products' },
  { id: 'claim', path: '/claims/new' },
  { id: 'verify', path: '/log' },
] as const;

/** What this is, the one search box, and what is new. */
export async function frontPage({ visit, client }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [newest, databases, out, open] = await Promise.all([
    client.ask(releases.list, { query: { limit: NEWEST } }),
    client.ask(updates.list, { query: { limit: UPDATES } }),
    client.ask(advisories.list),
    client.ask(cases.list, { query: { limit: NEWEST } }),
  ]);
  const running = open.items.filter(({ verdict }) => verdict?.decidedAt === undefined);
  return {
    title: say('front.title'),
    islands: ['news'],
    hasSearch: true,
    body: html`${hero(visit)}
<p id="live" role="status" class="quiet" data-says="${say('news.live', { what: '{what}' })}"></p>
<div class="columns">
<section aria-labelledby="releases"><h2 id="releases">${say('front.releases')}</h2>${
      newest.items.length === 0
        ? empty(words, 'front.empty', { path: '/examine', id: 'nav.examine' })
        : html`<ol class="line" id="news">${newest.items.map((release) => html`<li>${releaseLine(words, release, true)}</li>`)}</ol>`
    }</section>
<div>${verdictPart(words, out.items.slice(0, NEWEST))}${casePart(words, running)}
<section aria-labelledby="updates"><h2 id="updates">${say('front.updates')}</h2>${updatePart(words, databases.items)}</section></div>
</div>`,
  } as Page;
}

function hero(visit: Visit) {
  const { say } = visit.words;
  return html`<section class="hero"><h1>${say('front.title')}</h1>
<p class="lead">${say('front.says')}</p>
${searchForm(visit, 'front-search')}
<p><a class="button main" href="/claims/new">${say('front.claim')}</a> <a class="button" href="/claims/track">${say('front.track')}</a> <a class="button" href="/examine">${say('front.examine')}</a></p></section>
<ul class="cards">${STEPS.map(({ id, path }) => html`<li class="card"><h2><a href="${path}">${say(`front.${id}-title`)}</a></h2><p>${say(`front.${id}-says`)}</p></li>`)}</ul>`;
}

function verdictPart(words: Words, items: readonly Advisory[]): Html {
  if (items.length === 0) return html`` as Html;
  const lines = items.map((one) => {
    const found = caseOfAdvisory(one.id);
    const title = shownWithin(one.title, 120);
    const link = found === undefined ? title : html`<a href="/cases/${found}">${title}</a>`;
    return html`<li>${tag(words, 'outcome', one.outcome)} ${link} <span class="quiet small">${words.day(new Date(one.updated))}</span></li>`;
  });
  return html`<section aria-labelledby="verdicts"><h2 id="verdicts">${words.say('news.verdicts')}</h2><ul class="plain">${lines}</ul></section>` as Html;
}

function casePart(words: Words, items: readonly Case[]): Html {
  if (items.length === 0) return html`` as Html;
  const lines = items.map(
    (one) =>
      html`<li><a href="/cases/${one.id}">${one.id}</a> ${tag(words, 'case-state', one.state)} ${shownWithin(one.said, 80)}</li>`,
  );
  return html`<section aria-labelledby="cases"><h2 id="cases">${words.say('front.open-cases')}</h2><ul class="plain">${lines}</ul></section>` as Html;
}

/** One line a release: it may bring a hundred databases. */
function updatePart(words: Words, items: readonly Update[]): Html {
  if (items.length === 0) return empty(words, 'front.no-updates') as Html;
  const groups = [...Map.groupBy(items, ({ release }) => release)]
    .sort(([one], [other]) => other - one)
    .slice(0, NEWEST);
  const lines = groups.map(([release, all]) => {
    const [first] = all;
    const path = all.length === 1 ? `/updates/${first!.number}` : `/releases/${release}#databases`;
    const records = all.reduce((sum, one) => sum + one.records, 0);
    const name = first!.target.replace(/^pkg:/, '').replaceAll('%40', '@');
    const counts = words.say('front.databases', { databases: all.length, records });
    return html`<li><a href="${path}">${shownWithin(name, 120)}</a><br><span class="quiet small">${shown(first!.format)}, ${counts}</span></li>`;
  });
  return html`<ul class="plain">${lines}</ul>` as Html;
}
