import { VOCABULARY } from '@avow/declare';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { followLinks } from '../../parts/follow.ts';
import { empty } from '../../parts/lists.ts';
import { placeLink } from '../../parts/place-link.ts';
import { releaseLine } from '../../parts/release.ts';
import type { MessageId, Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';
import { type FileFound, type Found, findPasted } from './found.ts';
import { type Pasted, readPasted } from './pasted.ts';

const MAX_TYPED = 10_000;
/** Fewer letters are in the words of most features. */
const LEAST_LETTERS = 4;
const MOST_KINDS = 4;
/** A name in the heading. */
const MAX_TITLE = 120;

/** Anything: products by name, places as debuggers, stack traces and logs write them, files, hosts, records, features. */
export async function searchPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const typed = (url.searchParams.get('q') ?? '').trim().slice(0, MAX_TYPED);
  const read = readPasted(typed);
  const pasted = { ...read, features: [...read.features, ...kindsSaid(words, typed)] };
  const parts =
    typed === '' ? [] : sections(words, pasted, await findPasted(client, typed, pasted));
  const title = typed === '' ? say('search.title') : say('search.for', { query: cut(typed) });
  const claim = `/claims/new?place=${encodeURIComponent(typed.slice(0, 1500))}`;
  const nothing = html`${empty(words, 'search.nothing', { path: claim, id: 'search.claim' })}<p>${say('search.takes')}</p>`;
  return {
    title,
    query: typed,
    body: html`<h1>${shown(title)}</h1>
${typed === '' ? html`<p>${say('search.takes')}</p>` : parts.length > 0 ? parts : nothing}`,
  } as Page;
}

/** Features whose words, in the visitor's language, have what was typed. */
function kindsSaid(words: Words, typed: string): readonly string[] {
  const text = typed.toLowerCase();
  if (text.length < LEAST_LETTERS) return [];
  return Object.keys(VOCABULARY)
    .filter((feature) => words.word('feature', feature).toLowerCase().includes(text))
    .slice(0, MOST_KINDS);
}

function cut(text: string): string {
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text;
}

function sections(words: Words, pasted: Pasted, found: Found): Html[] {
  const { say } = words;
  const inFiles = found.files.filter(({ places }) => places.length > 0);
  const places = [
    ...pasted.places.map((at) => placeLine(at)),
    ...inFiles.flatMap((file) => file.places.map((at) => placeLine(at, file.target))),
  ];
  return [
    section(say('search.place'), places),
    section(
      say('search.docket'),
      pasted.paths.map(({ path, name }) => html`<a href="${path}">${shown(name)}</a>` as Html),
    ),
    section(
      say('product.releases'),
      found.releases.map((release) => releaseLine(words, release, true) as Html),
    ),
    section(
      say('search.products'),
      found.products.map(
        ({ number, name }) => html`<a href="/products/${number}">${shown(name)}</a>` as Html,
      ),
    ),
    section(say('search.files'), found.files.map(fileLine)),
    featureSection(words, 'search.able', found.able),
    featureSection(
      words,
      'search.features',
      found.worded.filter(({ number }) => found.able.every((one) => one.number !== number)),
    ),
    section(
      say('search.records'),
      found.records.map(
        ({ update, number, id, line, text, format }) =>
          html`<a href="/updates/${update}/records/${number}">${id === '' ? say('record.at', { n: line }) : shown(id)}</a> <span class="quiet small">${shown(format)}</span><br><code class="small">${shownWithin(text, 160)}</code>` as Html,
      ),
    ),
    followSection(words, pasted),
  ].filter((part) => part !== undefined);
}

/** A host or a kind of feature that was typed can be followed. */
function followSection(words: Words, { hosts, features }: Pasted): Html | undefined {
  return section(words.say('search.follow'), [
    ...hosts.map((host) => html`${shown(host)}${followLinks(words, { host })}` as Html),
    ...features.map(
      (feature) =>
        html`${words.word('feature', feature)}${followLinks(words, { feature })}` as Html,
    ),
  ]);
}

function placeLine(at: string, target?: string): Html {
  const link = html`<a class="mono" href="/places?at=${encodeURIComponent(at)}">${shownWithin(at, 300)}</a>`;
  return (
    target === undefined || at.startsWith(target) ? link : html`${link} ${shown(target)}`
  ) as Html;
}

function fileLine({ release, target, path }: FileFound): Html {
  return html`<a class="mono" href="/releases/${release}/module?path=${encodeURIComponent(path)}">${shownWithin(path, 200)}</a> <span class="quiet small">${shown(target)}</span>` as Html;
}

function featureSection(words: Words, title: MessageId, items: Found['able']): Html | undefined {
  return section(
    words.say(title),
    items.map(
      ({ feature, recipient, locator, target }) =>
        html`${words.word('feature', feature)}${recipient === undefined ? '' : html` → ${shownWithin(recipient, 80)}`}<br>${placeLink(locator, 160)} <span class="quiet small">${shown(target)}</span>` as Html,
    ),
  );
}

function section(title: string, lines: readonly Html[]): Html | undefined {
  if (lines.length === 0) return undefined;
  return html`<section><h2>${title}</h2><ul class="plain">${lines.map((line) => html`<li>${line}</li>`)}</ul></section>` as Html;
}
