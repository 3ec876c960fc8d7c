import { type AnswerOf, features, type places as placeRoutes, places } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { goOn } from '../../parts/forms.ts';
import { facts } from '../../parts/lists.ts';
import { type CodeLine, codeTable, type Mark } from '../../parts/source.ts';
import { moduleHref } from '../module/frame.ts';
import { codePlacePage } from '../module/place.ts';
import type { Asked } from '../route.ts';

type Place = AnswerOf<typeof placeRoutes.locate>;

const FORMS = ['source', 'hex'] as const;
/** Lines around the place that are shown at once. */
const AROUND = 100;
const FEATURES = 200;
/** Bytes of a row, and about as many characters as a piece of a long line has. */
const ROW = 16;
const PIECE = 80;

/** The place that a locator names, with what was found around it. */
export async function placePage({ visit, client, url }: Asked): Promise<Page | Response> {
  const at = url.searchParams.get('at')?.trim() ?? '';
  if (at === '') return goOn('/search');
  const wanted = FORMS.find((form) => form === url.searchParams.get('as'));
  const query = { locator: at, context: AROUND, ...(wanted === undefined ? {} : { as: wanted }) };
  const place = await client.ask(places.locate, { query });
  if (place.code !== undefined) return codePlacePage(visit, client, place);
  const found = await client.ask(features.list, {
    query: { release: place.release, limit: FEATURES },
  });
  const here = found.items.filter(({ locator }) =>
    locator.startsWith(`${place.target}#${encodedPath(place)} `),
  );
  return placeView(visit, place, here);
}

/** The path as the place's own locator writes it. */
function encodedPath({ locator }: Place): string {
  const start = locator.indexOf('#') + 1;
  return locator.slice(start, locator.lastIndexOf(' @'));
}

type Feature = AnswerOf<typeof features.list>['items'][number];

function placeView(visit: Visit, place: Place, found: readonly Feature[]): Page {
  const { words } = visit;
  const { say } = words;
  const base = `${place.target}#${encodedPath(place)}`;
  const lineOf = (at: string) => (place.kind === 'source' ? `${base} @line:${at}` : undefined);
  const marks = marksOf(visit, base, found);
  const lines: CodeLine[] = place.lines.map(({ at, text, isPlace, column = 1 }) => {
    const locator = lineOf(at);
    const own = marks
      .get(at)
      ?.filter((one) => one.column >= column && one.column < column + text.length)
      .map((one) => ({ ...one, column: one.column - column + 1 }));
    return {
      at,
      ...(column === 1 ? {} : { column }),
      text,
      isHere: isPlace,
      ...(locator === undefined ? {} : { locator }),
      ...(own === undefined || own.length === 0 ? {} : { marks: own }),
    };
  });
  const link = (to: string, label: string) =>
    html`<a href="/places?at=${encodeURIComponent(to)}">${label}</a>`;
  const isSource = place.kind === 'source';
  const { earlier, later } = around(place, base);
  return {
    title: `${place.path} ${place.locator.slice(place.locator.lastIndexOf('@'))}`,
    islands: ['locator'],
    crumbs: [{ path: `/releases/${place.release}`, text: shown(place.target) }],
    body: html`<h1 class="mono">${shown(place.path)}</h1>
${facts([
  [say('place.locator'), html`<code id="locator">${shown(place.locator)}</code>` as Html],
  [say('release.digest'), html`<code class="small">${place.digest}</code>` as Html],
  [say('release.size'), words.bytes(place.size)],
])}
<p class="screen"><a class="button" id="claim-here" href="/claims/new?place=${encodeURIComponent(place.locator)}">${say('place.claim')}</a>
${isSource ? html` <a class="button" href="/compare?at=${encodeURIComponent(place.locator)}">${say('place.compare')}</a>` : ''}${FORMS.filter((form) => form !== place.kind).map((form) => html` <a class="button" href="/places?at=${encodeURIComponent(place.locator)}&as=${form}">${say(`place.${form}`)}</a>`)}${isSource ? '' : html` <a class="button" href="${moduleHref(place)}">${say('place.module')}</a>`}</p>
<p id="selected" class="quiet" role="status">${say('place.select')}</p>
${place.notes.length === 0 ? '' : html`<ul>${place.notes.map((note) => html`<li>${shown(note)}</li>`)}</ul>`}
${earlier === undefined ? '' : html`<p>${link(earlier, say('place.before'))}</p>`}
${codeTable(lines, place.path, isSource)}
${later === undefined ? '' : html`<p>${link(later, say('place.after'))}</p>`}
${
  found.length === 0
    ? ''
    : html`<h2>${say('place.found')}</h2><ul>${found.map((one) => html`<li>${link(one.locator, shortPlace(one.locator))} ${words.word('feature', one.feature)}${one.recipient === undefined ? '' : html` → ${shownWithin(one.recipient, 80)}`}</li>`)}</ul>`
}`,
  } as Page;
}

/** Where the rows before and after those that are shown are: lines, columns of a long line, bytes. */
function around(place: Place, base: string): { earlier?: string; later?: string } {
  const [first, last] = [place.lines[0], place.lines.at(-1)];
  if (first === undefined || last === undefined) return {};
  if (place.kind === 'hex') {
    const [from, to] = [Number(first.at), Number(last.at) + ROW];
    return {
      ...(from > 0 ? { earlier: `${base} @off:${hexOf(Math.max(0, from - AROUND * ROW))}` } : {}),
      ...(to < place.size
        ? { later: `${base} @off:${hexOf(Math.min(place.size - 1, to + (AROUND - 1) * ROW))}` }
        : {}),
    };
  }
  if (place.kind !== 'source') return {};
  const isLong = first.column !== undefined || last.column !== undefined;
  const earlier = isLong
    ? `${first.at}:${Math.max(1, (first.column ?? 1) - AROUND * PIECE)}`
    : String(Math.max(1, Number(first.at) - AROUND));
  const later =
    last.column === undefined
      ? String(Number(last.at) + AROUND)
      : `${last.at}:${last.column + AROUND * PIECE}`;
  const isFirst = first.at === '1' && first.column === undefined;
  return {
    ...(isFirst ? {} : { earlier: `${base} @line:${earlier}` }),
    ...(place.lines.length > AROUND ? { later: `${base} @line:${later}` } : {}),
  };
}

function hexOf(value: number): string {
  return `0x${value.toString(16)}`;
}

function shortPlace(locator: string): string {
  return locator.slice(locator.lastIndexOf('@'));
}

/** What was found in each line, by the line's number. */
function marksOf({ words }: Visit, base: string, found: readonly Feature[]): Map<string, Mark[]> {
  const marks = new Map<string, Mark[]>();
  for (const { locator, feature } of found) {
    const match = /^@line:(\d+)(?::(\d+))?/.exec(locator.slice(base.length + 1));
    if (match === null) continue;
    const own = marks.get(match[1]!) ?? [];
    own.push({ column: Number(match[2] ?? 1), title: words.word('feature', feature) });
    marks.set(match[1]!, own);
  }
  return marks;
}
