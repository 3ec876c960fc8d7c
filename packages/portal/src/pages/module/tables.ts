import { modules } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { empty, pages, table } from '../../parts/lists.ts';
import type { MessageId, Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';
import {
  locatorOf,
  type ModuleShown,
  moduleAsked,
  moduleHref,
  modulePageOf,
  moduleSearch,
  rowsAsked,
} from './frame.ts';
import { codeLink, codeLinks, functionLink } from './links.ts';

const ROWS = 100;
/** Characters of a text: the page of its bytes has all of it. */
const MAX_TEXT = 300;
const MAX_NAME = 400;

/** Functions, in order of address or by their names. */
export async function functionsPage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { words } = visit;
  const { say } = words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const { q, query } = rowsAsked(url);
  const { items, next } = await client.ask(modules.functions, where(module, query));
  const rows = items.map((one) => [
    functionLink(module, one),
    html`<code>${one.at}</code>` as Html,
    words.number(one.size),
  ]);
  const heads = [say('module.function'), say('module.address'), say('module.bytes')];
  const body = listed(words, module, q, 'functions', heads, rows);
  return modulePageOf(
    visit,
    module,
    'functions',
    say('module.functions'),
    withPages(asked, body, next),
  );
}

/** Texts, and the code that refers to each. */
export async function stringsPage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { words } = visit;
  const { say } = words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const { q, query } = rowsAsked(url);
  const { items, next } = await client.ask(modules.strings, where(module, query));
  const rows = items.map((one) => [
    html`<code class="text">${shownWithin(one.text, MAX_TEXT)}</code>` as Html,
    html`<a class="mono" href="${moduleHref(module, 'bytes', { from: `0x${one.offset.toString(16)}` })}">${one.at}</a>` as Html,
    codeLinks(words, module, one.from, one.references),
  ]);
  const heads = [say('module.text'), say('module.address'), say('module.from')];
  const body = listed(words, module, q, 'strings', heads, rows);
  return modulePageOf(
    visit,
    module,
    'strings',
    say('module.strings'),
    withPages(asked, body, next),
  );
}

/** What it imports, and where its code reaches each. */
export async function importsPage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { words } = visit;
  const { say } = words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const { q, query } = rowsAsked(url);
  const { items, next } = await client.ask(modules.imports, where(module, query));
  const rows = items.map((one) => {
    const calls = moduleHref(module, 'calls', { import: one.row });
    return [
      html`<a class="mono" href="${calls}">${shownWithin(one.name, MAX_NAME)}</a>` as Html,
      one.library === '' ? '–' : shownWithin(one.library, 200),
      codeLinks(words, module, one.from, one.calls, calls),
    ];
  });
  const heads = [say('module.import'), say('module.library'), say('module.from')];
  const body = listed(words, module, q, 'imports', heads, rows);
  return modulePageOf(
    visit,
    module,
    'imports',
    say('module.imports'),
    withPages(asked, body, next),
  );
}

/** What it exports. */
export async function exportsPage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { words } = visit;
  const { say } = words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const { q, query } = rowsAsked(url);
  const { items, next } = await client.ask(modules.exports, where(module, query));
  const rows = items.map((one) => {
    const name = html`<span class="mono">${shownWithin(one.name, MAX_NAME)}</span>` as Html;
    const { at, place } = one;
    if (at === undefined || place === undefined) return [name, '–', shown(one.to ?? '')];
    const link = one.isCode
      ? moduleHref(module, 'code', { at: place })
      : `/places?at=${encodeURIComponent(locatorOf(module, place))}`;
    return [name, html`<a class="mono" href="${link}">${at}</a>` as Html, shown(one.to ?? '')];
  });
  const heads = [say('module.export'), say('module.address'), say('module.stands-for')];
  const body = listed(words, module, q, 'exports', heads, rows);
  return modulePageOf(
    visit,
    module,
    'exports',
    say('module.exports'),
    withPages(asked, body, next),
  );
}

/** Every place of code that reaches one import. */
export async function callsPage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { words } = visit;
  const { say } = words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const { query } = rowsAsked(url);
  const row = Number(url.searchParams.get('import') ?? 0);
  const { params } = where(module, {});
  const { name, library, items, next } = await client.ask(modules.calls, {
    params,
    query: { path: module.path, import: row, after: query.after, limit: ROWS },
  });
  const rows = items.map((one) => [
    codeLink(module, { at: one.at, place: one.place }),
    one.in === undefined ? '–' : functionLink(module, one.in),
  ]);
  const title = say('module.calls-of', { name: name.slice(0, MAX_NAME) });
  const body =
    html`<h2>${say('module.calls-of-short')} <span class="mono">${shownWithin(name, MAX_NAME)}</span>${library === '' ? '' : html` <span class="quiet small">${shownWithin(library, 200)}</span>`}</h2>
${rows.length === 0 ? empty(words, 'module.no-calls') : table(say('module.calls-of-short'), [say('module.address'), say('module.function')], rows)}` as Html;
  return modulePageOf(visit, module, undefined, title, withPages(asked, body, next));
}

function where<Query extends object>(module: ModuleShown, query: Query) {
  const { release, path } = module;
  return { params: { release }, query: { path, limit: ROWS, ...query } };
}

type Noun = 'functions' | 'strings' | 'imports' | 'exports';
const SEARCHES: Readonly<Record<Noun, MessageId>> = {
  functions: 'module.search-functions',
  strings: 'module.search-strings',
  imports: 'module.search-imports',
  exports: 'module.search-exports',
};

function listed(
  words: Words,
  module: ModuleShown,
  q: string,
  noun: Noun,
  heads: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  const next = q === '' ? undefined : { path: moduleHref(module, noun), id: 'module.all' as const };
  const title = words.say(`module.${noun}`);
  return html`<section aria-labelledby="rows">${moduleSearch(words, module, q, SEARCHES[noun])}
<h2 id="rows">${title}</h2>
${rows.length === 0 ? empty(words, q === '' ? 'module.none' : 'module.none-found', next) : table(title, heads, rows)}</section>` as Html;
}

function withPages({ visit }: Asked, body: Html, next: number | undefined): Html {
  return html`${body}${pages(visit.words, visit.at, next === undefined ? undefined : String(next))}` as Html;
}
