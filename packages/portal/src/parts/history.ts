import { compareVersions } from '@avow/declare';
import { type AnswerOf, changes } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';
import { type Release, releaseLine } from './release.ts';

type Changes = AnswerOf<typeof changes.read>;
type Summary = Pick<Changes, 'abilities' | 'counts'>;

/** Comparisons are of documents that never change: they are kept, the oldest go first. */
const KEPT = new Map<string, Summary>();
const MOST_KEPT = 1_000;
/** Abilities that are named on one line. */
const NAMED = 4;

/** Releases on a line of time, the highest version first in whatever order they came, each with what it gained and lost since the one before. */
export async function history(
  words: Words,
  client: Ask,
  releases: readonly Release[],
): Promise<Html> {
  const inOrder = [...releases].sort((one, other) => compareVersions(other.version, one.version));
  const examined = inOrder.filter(({ examination }) => examination !== undefined);
  const steps = new Map(examined.slice(0, -1).map((one, at) => [one.number, examined[at + 1]!]));
  const items = await Promise.all(
    inOrder.map(async (release) => {
      const before = steps.get(release.number);
      const step = before === undefined ? '' : await stepOf(words, client, before, release);
      return html`<li>${releaseLine(words, release, false)}${step}</li>`;
    }),
  );
  return html`<ol class="line">${items}</ol>` as Html;
}

async function stepOf(words: Words, client: Ask, before: Release, after: Release) {
  const found = await summaryOf(client, before, after).catch(() => undefined);
  const link = `/diff?old=${before.number}&new=${after.number}`;
  if (found === undefined) return html`<br><a href="${link}">${words.say('diff.look')}</a>`;
  const { abilities, counts } = found;
  const named = (all: typeof abilities.gained, sign: 'gained' | 'lost') =>
    all
      .slice(0, NAMED)
      .map(
        ({ feature }) =>
          html` <span class="tag ${sign === 'gained' ? 'warn' : ''}">${words.say(`diff.${sign}`)}: ${words.word('feature', feature)}</span>`,
      );
  return html`<br><a class="small" href="${link}">${words.say('diff.since', { version: before.version, ...counts.features })}</a>${named(abilities.gained, 'gained')}${named(abilities.lost, 'lost')}`;
}

async function summaryOf(client: Ask, before: Release, after: Release): Promise<Summary> {
  const key = `${before.examination?.document} ${after.examination?.document}`;
  const known = KEPT.get(key);
  if (known !== undefined) return known;
  const params = { release: after.number, since: before.number };
  const { abilities, counts } = await client.ask(changes.read, { params, query: { limit: 0 } });
  if (KEPT.size >= MOST_KEPT) KEPT.delete(KEPT.keys().next().value!);
  KEPT.set(key, { abilities, counts });
  return { abilities, counts };
}
