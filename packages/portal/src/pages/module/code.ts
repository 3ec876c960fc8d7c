import { type AnswerOf, modules } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { goOn } from '../../parts/forms.ts';
import { empty, facts } from '../../parts/lists.ts';
import type { Asked } from '../route.ts';
import { machineTable } from './code-table.ts';
import { featuresIn } from './found.ts';
import { locatorOf, type ModuleShown, moduleAsked, moduleHref, modulePageOf } from './frame.ts';
import { codeLinks } from './links.ts';

type Code = AnswerOf<typeof modules.code>;

/** Lines of one page. */
const LINES = 200;
const MAX_NAME = 400;

/** One function: its instructions, linked to what they reach, with what was found at them. */
export async function codePage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { words } = visit;
  const { say } = words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const at = url.searchParams.get('at') ?? '';
  if (at === '') return goOn(moduleHref(module, 'functions'));
  const from = url.searchParams.get('from') ?? undefined;
  const { release, path } = module;
  const [code, found] = await Promise.all([
    client.ask(modules.code, {
      params: { release },
      query: { path, place: at, limit: LINES, ...(from === undefined ? {} : { from }) },
    }),
    featuresIn(client, module),
  ]);
  const isOnward = from === undefined && !code.lines.some(({ isPlace }) => isPlace);
  if (isOnward && code.lines.length > 0 && code.function?.place !== at) {
    // The place is further on than one page: the place itself has its lines.
    return goOn(`/places?at=${encodeURIComponent(locatorOf(module, at))}`);
  }
  const title = code.function?.name ?? code.function?.at ?? at;
  const next =
    code.next === undefined
      ? ''
      : html`<nav class="pages" aria-label="${say('list.pages')}">${from === undefined ? '' : html`<a href="${moduleHref(module, 'code', { at })}">${say('list.first')}</a>`}<a rel="next" href="${moduleHref(module, 'code', { at, from: code.next })}">${say('list.next')}</a></nav>`;
  const body = html`${functionHead(asked, module, code, at)}
<p id="selected" class="quiet screen" role="status">${say('place.select')}</p>
${
  code.lines.length === 0
    ? empty(words, 'module.no-lines', {
        path: `/places?at=${encodeURIComponent(locatorOf(module, at))}`,
        id: 'place.hex',
      })
    : machineTable(words, module, code.lines, found, shownName(title))
}
${code.unread === undefined ? '' : html`<div class="notice bad"><p>${shown(code.unread)}</p></div>`}
${next}`;
  return modulePageOf(visit, module, undefined, shownName(title), body as Html);
}

function shownName(name: string): string {
  return name.slice(0, MAX_NAME).toWellFormed();
}

function functionHead({ visit }: Asked, module: ModuleShown, code: Code, at: string): Html {
  const { words } = visit;
  const { say } = words;
  const own = code.function;
  const locator = locatorOf(module, own?.place ?? at);
  return html`<h2 class="mono">${own === undefined ? at : shownWithin(own.name ?? own.at, MAX_NAME)}</h2>
${facts([
  [say('place.locator'), html`<code id="locator">${shown(locator)}</code>` as Html],
  [say('module.type'), code.type && (html`<code>${shown(code.type)}</code>` as Html)],
  [say('module.address'), own && (html`<code>${own.at}</code>` as Html)],
  [say('release.size'), own && words.bytes(own.size)],
  [say('module.callers'), own && codeLinks(words, module, code.callers, code.callersInAll)],
])}
<p class="screen"><a class="button" id="claim-here" href="/claims/new?place=${encodeURIComponent(locator)}">${say('place.claim')}</a></p>` as Html;
}
