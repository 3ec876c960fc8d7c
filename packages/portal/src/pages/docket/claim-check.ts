import { type AnswerOf, claims, places } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { facts } from '../../parts/lists.ts';
import { codeTable } from '../../parts/source.ts';
import type { Words } from '../../words/words.ts';

type Check = AnswerOf<typeof claims.check>;
type Fields = Readonly<Record<string, string>>;

/** Lines around the place that a claim points to. */
const AROUND = 4;

/** Looks at a claim before it is handed in; undefined where that took too long: its answer will say it. */
export async function checkOf(client: Ask, text: string): Promise<Check | undefined> {
  return client.ask(claims.check, { body: { text } }).catch(() => undefined);
}

/** What would be handed in: the very place, or what is missing with what may have been meant. */
export async function checkPart(
  words: Words,
  client: Ask,
  check: Check,
  fields: Fields,
): Promise<Html> {
  const { say } = words;
  const [locator] = check.locators;
  const waits = check.fetches.map(
    (target) => html`<p>${shown(say('claim.fetches', { target }))}</p>`,
  );
  if (check.lacks.length > 0 && check.fetches.length === 0) {
    return html`<section class="notice warn" role="alert" aria-labelledby="lacks"><h2 id="lacks">${say('claim.lacks')}</h2>${lackList(words, check.lacks, fields)}</section>` as Html;
  }
  const excerpt = locator === undefined ? '' : await excerptOf(words, client, locator);
  return html`<section class="notice good" aria-labelledby="checked"><h2 id="checked">${say('claim.checked')}</h2>
${facts([
  [
    say('head.where'),
    locator === undefined ? undefined : (html`<code>${shown(locator)}</code>` as Html),
  ],
  [say('head.what'), check.said.length === 0 ? undefined : shown(check.said.join(', '))],
  [
    say('claim.outcome'),
    check.outcome === undefined ? undefined : words.word('outcome', check.outcome),
  ],
])}${waits}${excerpt}<p>${say('claim.checked-says')}</p></section>` as Html;
}

function lackList(words: Words, lacks: Check['lacks'], fields: Fields) {
  return html`<ul>${lacks.map(
    (one) =>
      html`<li>${words.word('reason', one.reason)}: ${shown(one.says)}${
        one.candidates.length === 0
          ? ''
          : html`<br>${words.say('claim.nearest')}<ul>${one.candidates.map((candidate) => html`<li><code>${shownWithin(candidate, 300)}</code>${takeLink(words, one.reason, candidate, fields)}</li>`)}</ul>`
      }</li>`,
  )}</ul>`;
}

/** The form again with a candidate in it: nothing else that was typed is lost. */
function takeLink(words: Words, reason: string, candidate: string, fields: Fields) {
  const kept = Object.entries(fields).filter(
    ([name, value]) => name !== 'step' && value !== '' && value.length < 1500,
  );
  const part = partOf(reason, candidate, fields);
  if (part === undefined) return '';
  const values = { ...Object.fromEntries(kept), ...part };
  return html` <a href="/claims/new?${new URLSearchParams(values).toString()}">${words.say('claim.take')}</a>`;
}

/** The fields that a candidate is for; undefined where it is for none. A whole locator stands for product and module too. */
function partOf(reason: string, candidate: string, { module = '' }: Fields) {
  const place = /(?:^|\s)((?:pkg:|sha256:)\S+ @\w+:\S+)$/.exec(candidate)?.[1];
  if (place !== undefined) return { place, product: '', module: '' };
  if (/^pkg:[^#\s]+$/.test(candidate)) return { product: candidate };
  return reason === 'no-such-module' && module !== '' ? { module: candidate } : undefined;
}

async function excerptOf(words: Words, client: Ask, locator: string) {
  const place = await client
    .ask(places.locate, { query: { locator, context: AROUND } })
    .catch(() => undefined);
  if (place === undefined) return html`<p>${words.say('claim.no-excerpt')}</p>`;
  const lines = place.lines.slice(0, 4 * AROUND).map(({ at, text, isPlace, column }) => ({
    at,
    text,
    isHere: isPlace,
    ...(column === undefined ? {} : { column }),
  }));
  return codeTable(lines, place.path, place.kind === 'source');
}
