import type { AnswerOf, recordChanges } from '@avow/server/contract';
import { html } from 'hono/html';
import { type Html, shownWithin } from '../page/shown.ts';
import type { MessageId, Words } from '../words/words.ts';
import { table } from './lists.ts';
import { placeLink } from './place-link.ts';
import { tag } from './tags.ts';

export type RecordChanges = AnswerOf<typeof recordChanges.read>;
type Item = RecordChanges['items'][number];
type Does = RecordChanges['does'][number];

/** Kinds of changes, in the order in which they are told. */
export const CHANGES = ['added', 'changed', 'removed'] as const;

const COUNTED = {
  added: 'update.added',
  changed: 'update.changed-records',
  removed: 'update.removed',
} as const satisfies Record<(typeof CHANGES)[number], MessageId>;

/** What records do that they did not do before, and the other way round. */
export function doesChanges(words: Words, { does }: RecordChanges): Html {
  const { say } = words;
  if (does.length === 0) return html`<p>${say('update.does-same')}</p>` as Html;
  const heads = [
    say('diff.change'),
    say('head.rank'),
    say('record.action'),
    say('record.target'),
    say('head.destination'),
    say('head.recipient'),
    say('head.where'),
  ];
  const rows = does.map((one) => [
    changeOf(words, one),
    tag(words, 'rank', one.rank) as Html,
    html`${words.word('record-action', one.action)}${one.visibility === 'shown' ? '' : html`, ${words.word('visibility', one.visibility)}`}` as Html,
    words.word('record-target', one.target),
    html`${words.word('record-destination', one.destination)}${one.carries === undefined ? '' : html` (${words.word('carries', one.carries)})`}` as Html,
    one.recipient === undefined ? '–' : shownWithin(one.recipient, 120),
    placeLink(one.first, 60),
  ]);
  return table(say('update.does'), heads, rows) as Html;
}

function changeOf({ say, number }: Words, { old, now }: Does): Html {
  const kind = old === 0 ? 'gained' : now === 0 ? 'lost' : undefined;
  const sign =
    kind === undefined
      ? ''
      : html`<span class="tag ${kind === 'gained' ? 'warn' : ''}">${say(`diff.${kind}`)}</span> `;
  return html`${sign}<span class="small quiet">${number(old)} → ${number(now)}</span>` as Html;
}

/** How many records came, went and changed; each number leads to them. */
export function changeCounts(words: Words, { counts }: RecordChanges, path: string): Html {
  const { say } = words;
  const links = CHANGES.filter((change) => counts[change] > 0).map(
    (change) =>
      html`<li><a href="${path}?change=${change}">${say(COUNTED[change], { n: counts[change] })}</a></li>`,
  );
  if (links.length === 0) return html`<p>${say('update.same')}</p>` as Html;
  return html`<ul class="row">${links}<li class="quiet">${say('update.kept', { n: counts.same })}</li></ul>` as Html;
}

/** Records that changed, each with what it was and what it is. */
export function changeTable(words: Words, items: readonly Item[]): Html {
  const { say } = words;
  const rows = items.map(({ change, old, now }) => [
    html`<span class="tag ${change === 'removed' ? '' : 'warn'}">${words.word('record-change', change)}</span>` as Html,
    recordLink((now ?? old)!),
    html`${old === undefined ? '' : line('del', old.text)}${now === undefined ? '' : line('ins', now.text)}` as Html,
  ]);
  return table(
    say('head.records'),
    [say('diff.change'), say('head.id'), say('record.text')],
    rows,
  ) as Html;
}

function recordLink({ update, number, id, line }: Item['now'] & {}): Html {
  return html`<a href="/updates/${update}/records/${number}">${shownWithin(id === '' ? String(line) : id, 80)}</a>` as Html;
}

function line(sign: 'del' | 'ins', text: string): Html {
  const code = html`<code class="small">${shownWithin(text, 240)}</code>`;
  return (
    sign === 'del' ? html`<del class="side">${code}</del>` : html`<ins class="side">${code}</ins>`
  ) as Html;
}
