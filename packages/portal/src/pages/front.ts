import { advisories, cases, releases, updates } from '@avow/server/contract';
import { html } from 'hono/html';
import { type Page, searchForm } from '../page/page.ts';
import { shown, shownWithin } from '../page/shown.ts';
import { caseOfAdvisory } from '../parts/advisory.ts';
import { empty } from '../parts/lists.ts';
import { releaseLine } from '../parts/release.ts';
import { tag } from '../parts/tags.ts';
import type { Asked } from './route.ts';

const NEWEST = 8;

/** What this is, the one search box, and what is new. */
export async function frontPage({ visit, client }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [newest, databases, out, open] = await Promise.all([
    client.ask(releases.list, { query: { limit: NEWEST } }),
    client.ask(updates.list, { query: { limit: NEWEST } }),
    client.ask(advisories.list),
    client.ask(cases.list, { query: { limit: NEWEST } }),
  ]);
  const decided = out.items.slice(0, NEWEST);
  const running = open.items.filter(({ verdict }) => verdict?.decidedAt === undefined);
  const lately =
    newest.items.length === 0
      ? empty(words, 'front.empty', { path: '/examine', id: 'nav.examine' })
      : html`<ol class="line" id="news">${newest.items.map((release) => html`<li>${releaseLine(words, release, true)}</li>`)}</ol>`;
  const updated = databases.items.map(
    (update) =>
      html`<li><a href="/updates/${update.number}">${shown(update.format)} ${shown(update.update)}</a> <span class="quiet small">${words.number(update.records)} ${say('head.records')}</span></li>`,
  );
  return {
    title: say('front.title'),
    islands: ['news'],
    body: html`<h1>${say('front.title')}</h1>
<p>${say('front.says')}</p>
${searchForm(visit, 'front-search')}
<p class="field"></p>
<p><a class="button main" href="/claims/new">${say('front.claim')}</a> <a class="button" href="/claims/track">${say('front.track')}</a></p>
<div class="columns">
<section aria-labelledby="releases"><h2 id="releases">${say('front.releases')}</h2><p id="live" role="status" class="quiet" data-says="${say('news.live', { what: '{what}' })}"></p>${lately}</section>
<div>${
      decided.length === 0
        ? ''
        : html`<section aria-labelledby="verdicts"><h2 id="verdicts">${say('news.verdicts')}</h2><ul class="plain">${decided.map((one) => html`<li>${tag(words, 'outcome', one.outcome)} ${caseOfAdvisory(one.id) === undefined ? shownWithin(one.title, 120) : html`<a href="/cases/${caseOfAdvisory(one.id)}">${shownWithin(one.title, 120)}</a>`} <span class="quiet small">${words.day(new Date(one.updated))}</span></li>`)}</ul></section>`
    }${
      running.length === 0
        ? ''
        : html`<section aria-labelledby="cases"><h2 id="cases">${say('front.open-cases')}</h2><ul class="plain">${running.map((one) => html`<li><a href="/cases/${one.id}">${one.id}</a> ${tag(words, 'case-state', one.state)} ${shownWithin(one.said, 80)}</li>`)}</ul></section>`
    }<section aria-labelledby="updates"><h2 id="updates">${say('front.updates')}</h2>${
      updated.length === 0
        ? empty(words, 'front.no-updates')
        : html`<ul class="plain">${updated}</ul>`
    }</section></div>
</div>`,
  } as Page;
}
