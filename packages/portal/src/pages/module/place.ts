import { parseLocator } from '@avow/locator';
import type { AnswerOf, places } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown } from '../../page/shown.ts';
import { facts } from '../../parts/lists.ts';
import { machineTable } from './code-table.ts';
import { featuresIn } from './found.ts';
import { type ModulePath, moduleHref } from './frame.ts';
import { functionLink } from './links.ts';

type Place = AnswerOf<typeof places.locate>;

/** The place that a locator names in machine code or WebAssembly, with the code around it. */
export async function codePlacePage(visit: Visit, client: Ask, place: Place): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const module = { release: place.release, path: pathOf(place), about: { target: place.target } };
  const found = await featuresIn(client, module);
  const here = place.code?.find(({ isPlace }) => isPlace);
  const encoded = encodeURIComponent(place.locator);
  const code = here === undefined ? undefined : moduleHref(module, 'code', { at: here.place });
  return {
    title: `${module.path} ${place.locator.slice(place.locator.lastIndexOf('@'))}`,
    islands: ['locator'],
    crumbs: [
      { path: `/releases/${place.release}`, text: shown(place.target) },
      { path: moduleHref(module), text: shown(module.path) },
    ],
    body: html`<h1 class="mono">${shown(module.path)}</h1>
${placeFacts(visit, module, place)}
<p class="screen"><a class="button" id="claim-here" href="/claims/new?place=${encoded}">${say('place.claim')}</a>
${code === undefined ? '' : html`<a class="button" href="${code}">${say('place.function')}</a>`}
<a class="button" href="/compare?at=${encoded}">${say('place.compare')}</a>
<a class="button" href="/places?at=${encoded}&as=hex">${say('place.hex')}</a>
<a class="button" href="${moduleHref(module)}">${say('place.module')}</a></p>
<p id="selected" class="quiet screen" role="status">${say('place.select')}</p>
${place.notes.map((note) => html`<p>${shown(note)}</p>`)}
${machineTable(words, module, place.code ?? [], found, module.path)}`,
  } as Page;
}

function placeFacts({ words }: Visit, module: ModulePath, place: Place): Html {
  const { say } = words;
  const { within, forms = [] } = place;
  return facts([
    [say('place.locator'), html`<code id="locator">${shown(place.locator)}</code>` as Html],
    [
      say('place.forms'),
      html`<ul class="plain">${forms.map((form) => html`<li><code>${shown(form)}</code></li>`)}</ul>` as Html,
    ],
    [say('place.function'), within && functionLink(module, within)],
    [say('release.digest'), html`<code class="small">${place.digest}</code>` as Html],
    [say('release.size'), words.bytes(place.size)],
  ]) as Html;
}

/** With the slice of a fat file, which the file's own path has not. */
function pathOf({ locator, path }: Place): string {
  const { target } = parseLocator(locator);
  const inner = target.kind === 'purl' ? target.path : undefined;
  return inner?.map((segments) => segments.join('/')).join('!/') ?? path;
}
