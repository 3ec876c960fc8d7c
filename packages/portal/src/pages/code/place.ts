import { type AnswerOf, features, type places as placeRoutes, places } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { goOn } from '../../parts/forms.ts';
import { facts } from '../../parts/lists.ts';
import { type CodeLine, codeTable, type Mark } from '../../parts/source.ts';
import type { Asked } from '../route.ts';

type Place = AnswerOf<typeof placeRoutes.locate>;

const FORMS = ['source', 'hex', 'disassembly'] as const;
/** Lines around the place that are shown at once. */
const AROUND = 100;
const FEATURES = 200;

/** The place that a locator names, with what was found around it. */
export async function placePage({ visit, client, url }: Asked): Promise<Page | Response> {
  const at = url.searchParams.get('at')?.trim() ?? '';
  if (at === '') return goOn('/search');
  const wanted = FORMS.find((form) => form === url.searchParams.get('as'));
  const query = { locator: at, context: AROUND, ...(wanted === undefined ? {} : { as: wanted }) };
  const place = await client.ask(places.locate, { query });
  const found = await client.ask(features.list, {
    query: { release: place.release, limit: FEATURES },
  });
  const here = found.items.filter(({ locator }) =>
    locator.startsWith(`${place.target}#${encodedPath(place)} `),
  );
  return placeView(visit, place, here);
}

/** A module, from its beginning or from a line. */
export async function modulePage({ client, params, url }: Asked): Promise<Response> {
  const release = Number(params.release);
  const path = url.searchParams.get('path') ?? '';
  const { releases } = await import('@avow/server/contract');
  const { target } = await client.ask(releases.read, { params: { release } });
  const isCode = /\.(?:node|exe|dll|so|dylib|wasm|sys)$/i.test(path);
  const at = `${target}#${path.split('/').map(encodeURIComponent).join('/')} ${isCode ? '@off:0x0' : '@line:1'}`;
  return goOn(`/places?at=${encodeURIComponent(at)}`);
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
  const lines: CodeLine[] = place.lines.map(({ at, text, isPlace }) => {
    const locator = lineOf(at);
    const own = marks.get(at);
    return {
      at,
      text,
      isHere: isPlace,
      ...(locator === undefined ? {} : { locator }),
      ...(own === undefined ? {} : { marks: own }),
    };
  });
  const link = (to: string, label: string) =>
    html`<a href="/places?at=${encodeURIComponent(to)}">${label}</a>`;
  const first = Number(place.lines[0]?.at ?? 1);
  const last = Number(place.lines.at(-1)?.at ?? 1);
  const isSource = place.kind === 'source';
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
${FORMS.filter((form) => form !== place.kind).map((form) => html` <a class="button" href="/places?at=${encodeURIComponent(place.locator)}&as=${form}">${say(`place.${form}`)}</a>`)}</p>
<p id="selected" class="quiet" role="status">${say('place.select')}</p>
${place.notes.length === 0 ? '' : html`<ul>${place.notes.map((note) => html`<li>${shown(note)}</li>`)}</ul>`}
${isSource && first > 1 ? html`<p>${link(`${base} @line:${Math.max(1, first - AROUND)}`, say('place.before'))}</p>` : ''}
${codeTable(lines, place.path, isSource)}
${isSource && place.lines.length > AROUND ? html`<p>${link(`${base} @line:${last + AROUND}`, say('place.after'))}</p>` : ''}
${
  found.length === 0
    ? ''
    : html`<h2>${say('place.found')}</h2><ul>${found.map((one) => html`<li>${link(one.locator, shortPlace(one.locator))} ${words.word('feature', one.feature)}${one.recipient === undefined ? '' : html` → ${shownWithin(one.recipient, 80)}`}</li>`)}</ul>`
}`,
  } as Page;
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
