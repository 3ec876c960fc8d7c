import { type AnswerOf, places, records } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { empty, facts, table } from '../parts/lists.ts';
import { recordLocator } from '../parts/record-locator.ts';
import type { Words } from '../words/words.ts';
import { absentPage } from './error.ts';
import type { Asked } from './route.ts';

type Decoded = NonNullable<AnswerOf<typeof places.locate>['records']>[number];

/** One record: its text, what it looks for decoded, what it does to what and where that goes. */
export async function recordPage({ visit, client, params }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [update, number] = [Number(params.update), Number(params.record)];
  const { items } = await client.ask(records.list, { query: { update, number, limit: 1 } });
  const [one] = items;
  if (one === undefined) return absentPage(visit);
  const locator = recordLocator(one);
  const found = await client
    .ask(places.locate, { query: { locator, as: 'record', context: 0 } })
    .catch(() => undefined);
  const decoded = (found?.records ?? []).find(({ id }) => id === one.id) ?? found?.records?.[0];
  return {
    title: one.id === '' ? say('record.title') : one.id,
    crumbs: [
      { path: `/releases/${one.release}`, text: shown(one.target) },
      { path: `/updates/${update}`, text: say('head.records') },
    ],
    body: html`<h1>${one.id === '' ? say('record.title') : shownWithin(one.id, 200)}</h1>
${facts([
  [
    say('head.format'),
    shown(decoded === undefined ? one.format : `${one.format}, ${decoded.kind}`),
  ],
  [
    say('place.locator'),
    html`<a class="mono" href="/places?at=${encodeURIComponent(locator)}">${shown(locator)}</a>` as Html,
  ],
  [say('release.digest'), html`<code class="small">${one.digest}</code>` as Html],
  [say('head.state'), decoded?.isEnabled === false ? say('record.off') : undefined],
])}
<p class="screen"><a class="button" href="/claims/new?place=${encodeURIComponent(locator)}">${say('place.claim')}</a></p>
<h2>${say('record.does')}</h2>${doesPart(words, decoded)}
<h2>${say('record.literals')}</h2>${literalPart(words, decoded)}
<h2>${say('record.text')}</h2><pre>${linesOf(decoded?.raw ?? one.text)}</pre>`,
  } as Page;
}

function doesPart(words: Words, decoded: Decoded | undefined) {
  const { say } = words;
  if (decoded === undefined) return empty(words, 'record.undecoded');
  if (decoded.why !== undefined)
    return html`<div class="notice warn"><p>${say('record.unknown')} ${shown(decoded.why)}</p></div>`;
  if (decoded.does.length === 0) return empty(words, 'record.nothing');
  const heads = [
    say('record.action'),
    say('record.target'),
    say('head.destination'),
    say('head.recipient'),
    say('record.decided'),
  ];
  const rows = decoded.does.map((one) => [
    html`${words.word('record-action', one.action)}${one.visibility === 'shown' ? '' : html`, ${words.word('visibility', one.visibility)}`}` as Html,
    words.word('record-target', one.target),
    html`${words.word('record-destination', one.destination)}${one.carries === undefined ? '' : html` (${words.word('carries', one.carries)})`}` as Html,
    one.recipient === undefined ? '–' : shownWithin(one.recipient, 120),
    html`<code class="small">${shownWithin(one.decided.join('; '), 200)}</code>` as Html,
  ]);
  return table(say('record.does'), heads, rows);
}

function literalPart(words: Words, decoded: Decoded | undefined) {
  const { say } = words;
  if (decoded === undefined || decoded.literals.length === 0)
    return empty(words, 'record.no-literals');
  const rows = decoded.literals.map(({ text, written }) => [
    words.word('written', written),
    html`<code>${shownWithin(text, 300)}</code>` as Html,
  ]);
  return table(say('record.literals'), [say('record.written'), say('record.text')], rows);
}

function linesOf(text: string) {
  return text.split('\n').map((line, at) => html`${at === 0 ? '' : '\n'}${shown(line)}`);
}
