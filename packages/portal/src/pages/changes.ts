import { type AnswerOf, changes } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { goOn } from '../parts/forms.ts';
import { empty, table } from '../parts/lists.ts';
import { placeLink } from '../parts/place-link.ts';
import { tag } from '../parts/tags.ts';
import type { MessageId, Words } from '../words/words.ts';
import type { Asked } from './route.ts';

type Changes = AnswerOf<typeof changes.read>;
type Changed = Changes['features']['gained'][number];

/** Entries of each list on one page. */
const EACH = 50;
const EVIDENCE = 160;

/** What one release has that another has not: features first, then flows, findings, databases, files. */
export async function changesPage({ visit, client, url }: Asked): Promise<Page | Response> {
  const { words } = visit;
  const { say } = words;
  const old = Number(url.searchParams.get('old'));
  const now = Number(url.searchParams.get('new'));
  if (!Number.isSafeInteger(old * now) || old * now <= 0) return goOn('/products');
  const from = Math.max(0, Math.trunc(Number(url.searchParams.get('from') ?? 0)) || 0);
  const found = await client.ask(changes.read, {
    params: { release: now, since: old },
    query: { from, limit: EACH },
  });
  const title = say('diff.title', { old: found.old.target, new: found.new.target });
  const isSame = Object.values(found.counts).every(({ gained, lost }) => gained + lost === 0);
  return {
    title,
    crumbs: [
      { path: `/releases/${old}`, text: shown(found.old.target) },
      { path: `/releases/${now}`, text: shown(found.new.target) },
    ],
    body: html`<h1>${shown(title)}</h1>
${found.old.isWhole && found.new.isWhole ? '' : html`<div class="notice warn"><p>${say('diff.partly')}</p></div>`}
${abilities(words, found)}
${isSame ? empty(words, 'diff.same') : ''}
${lists(words, 'release.flows', found.flows, found.counts.flows)}
${lists(words, 'release.features', found.features, found.counts.features)}
${findingChanges(words, found)}
${databaseChanges(words, found)}
${moduleChanges(words, found)}
${pageLinks(words, { old, now, from, next: found.next })}
<p><a href="/diff?old=${now}&new=${old}">${say('diff.other-way')}</a></p>`,
  } as Page;
}

/** What it can do now and could not, in one look. */
function abilities(words: Words, { abilities: { gained, lost } }: Changes) {
  if (gained.length + lost.length === 0) return html`<p>${words.say('diff.no-abilities')}</p>`;
  const items = (all: typeof gained, sign: 'gained' | 'lost') =>
    all.map(
      ({ feature, when }) =>
        html`<li><span class="tag ${sign === 'gained' ? 'warn' : ''}">${words.say(`diff.${sign}`)}</span> ${words.word('feature', feature)}${when === undefined ? '' : html`, ${words.word('when', when)}`}</li>`,
    );
  return html`<section aria-labelledby="abilities"><h2 id="abilities">${words.say('diff.abilities')}</h2><ul class="plain">${items(gained, 'gained')}${items(lost, 'lost')}</ul></section>`;
}

function lists(
  words: Words,
  title: MessageId,
  { gained, lost }: Changes['features'],
  counts: Changes['counts']['features'],
) {
  const { say } = words;
  if (counts.gained + counts.lost === 0) return '';
  const id = title.replace('.', '-');
  const heads = [say('diff.change'), say('head.what'), say('head.recipient'), say('head.where')];
  const rows = [
    ...lost.map((one) => row(words, one, 'lost')),
    ...gained.map((one) => row(words, one, 'gained')),
  ];
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${say(title)}</h2>
<p>${say('diff.counts', counts)}</p>${rows.length === 0 ? '' : table(say(title), heads, rows)}</section>`;
}

function row(words: Words, one: Changed, change: 'gained' | 'lost'): readonly Html[] {
  const source = one.source === undefined ? '' : html`${words.word('feature', one.source)} → `;
  return [
    html`<span class="tag ${change === 'gained' ? 'warn' : ''}">${words.say(`diff.${change}`)}</span>` as Html,
    html`${source}${words.word('feature', one.feature)}` as Html,
    one.recipient === undefined ? (html`–` as Html) : shownWithin(one.recipient, 80),
    html`${placeLink(one.locator)}<br><code class="small">${shownWithin(one.evidence, EVIDENCE)}</code>` as Html,
  ];
}

function findingChanges(words: Words, { findings: { gained, lost }, counts }: Changes) {
  const { say } = words;
  if (gained.length + lost.length === 0) return '';
  const rows = (['gained', 'lost'] as const).flatMap((change) =>
    (change === 'gained' ? gained : lost).map((one) => [
      html`<span class="tag ${change === 'gained' ? 'warn' : ''}">${say(`diff.${change}`)}</span>` as Html,
      html`${tag(words, 'rank', one.rank)} ${tag(words, 'kind', one.kind)}` as Html,
      placeLink(one.locator),
    ]),
  );
  return html`<section aria-labelledby="findings"><h2 id="findings">${say('release.findings')}</h2>
<p>${say('diff.counts', counts.findings)}</p>${table(say('release.findings'), [say('diff.change'), say('head.what'), say('head.where')], rows)}</section>`;
}

function databaseChanges(words: Words, { databases }: Changes) {
  const { say } = words;
  if (databases.length === 0) return '';
  const side = (one: Changes['databases'][number]['old']) =>
    one === undefined
      ? '–'
      : (html`${shown(one.update)}, ${say('diff.records', { n: one.records })}` as Html);
  const rows = databases.map(({ path, old, new: now }) => [shown(path), side(old), side(now)]);
  return html`<section aria-labelledby="databases"><h2 id="databases">${say('release.updates')}</h2>
${table(say('release.updates'), [say('head.path'), say('diff.before'), say('diff.after')], rows)}</section>`;
}

function moduleChanges(words: Words, { modules }: Changes) {
  const { say } = words;
  const part = (id: 'added' | 'removed' | 'changed', paths: readonly string[]) =>
    paths.length === 0
      ? ''
      : html`<li>${say(`diff.${id}`)}<ul>${paths.map((path) => html`<li class="mono small">${shownWithin(path, 200)}</li>`)}</ul></li>`;
  const moved =
    modules.moved.length === 0
      ? ''
      : html`<li>${say('diff.moved')}<ul>${modules.moved.map(({ from, to }) => html`<li class="mono small">${shownWithin(from, 200)} → ${shownWithin(to, 200)}</li>`)}</ul></li>`;
  const parts = [
    part('added', modules.added),
    part('removed', modules.removed),
    part('changed', modules.changed),
    moved,
  ];
  if (parts.every((one) => one === '')) return '';
  return html`<section aria-labelledby="modules"><h2 id="modules">${say('release.modules')}</h2><ul>${parts}</ul></section>`;
}

function pageLinks(
  words: Words,
  at: { old: number; now: number; from: number; next: number | undefined },
) {
  const { old, now, from, next } = at;
  if (from === 0 && next === undefined) return '';
  const path = `/diff?old=${old}&new=${now}`;
  return html`<nav class="pages" aria-label="${words.say('list.pages')}">${from === 0 ? '' : html`<a href="${path}">${words.say('list.first')}</a>`}${next === undefined ? '' : html`<a href="${path}&from=${next}" rel="next">${words.say('list.next')}</a>`}</nav>`;
}
