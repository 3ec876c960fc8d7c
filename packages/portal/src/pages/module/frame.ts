import { printPath } from '@avow/locator';
import { type AnswerOf, modules, releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown } from '../../page/shown.ts';
import { goOn } from '../../parts/forms.ts';
import type { MessageId, Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';

/** Where a module is. */
export interface ModulePath {
  readonly release: number;
  /** In the release; `!/` goes into what holds it, and into a slice of a fat file. */
  readonly path: string;
  readonly about: { readonly target: string };
}

/** A module of machine code or WebAssembly, as its pages know it. */
export interface ModuleShown extends ModulePath {
  readonly about: AnswerOf<typeof modules.about>;
}

/** The pages of a module; the first is its own address. */
const TABS = ['', 'functions', 'strings', 'imports', 'exports', 'bytes'] as const;
export type Tab = (typeof TABS)[number];

const TITLES: Readonly<Record<Tab, MessageId>> = {
  '': 'module.overview',
  functions: 'module.functions',
  strings: 'module.strings',
  imports: 'module.imports',
  exports: 'module.exports',
  bytes: 'place.hex',
};

/** Address of a page of a module. */
export function moduleHref(
  { release, path }: Pick<ModulePath, 'release' | 'path'>,
  page: Tab | 'code' | 'calls' = '',
  query: Readonly<Record<string, string | number>> = {},
): string {
  const asked = new URLSearchParams({ path });
  for (const [name, value] of Object.entries(query)) asked.set(name, String(value));
  return `/releases/${release}/module${page === '' ? '' : `/${page}`}?${asked}`;
}

/** The module that a page's address names; one that names none leads to the release. */
export async function moduleAsked({ client, params, url }: Asked): Promise<ModuleShown | Response> {
  const release = Number(params.release);
  const path = url.searchParams.get('path') ?? '';
  if (path === '') {
    await client.ask(releases.read, { params: { release } });
    return goOn(`/releases/${release}`);
  }
  return { release, path, about: await aboutModule(client, release, path) };
}

export function aboutModule(client: Ask, release: number, path: string) {
  return client.ask(modules.about, { params: { release }, query: { path } });
}

/** What comes before a place in the locators of a module. */
export function moduleBase({ target, path }: { readonly target: string; readonly path: string }) {
  return `${target}#${printPath(path.split('!/').map((part) => part.split('/')))}`;
}

/** Canonical locator of a place of a module. */
export function locatorOf({ about, path }: ModulePath, place: string): string {
  return `${moduleBase({ target: about.target, path })} ${place}`;
}

/** A page of a module: its name, its other pages, and what it shows. */
export function modulePageOf(
  visit: Visit,
  module: ModuleShown,
  current: Tab | undefined,
  title: string,
  body: Html,
): Page {
  const { about, path, release } = module;
  return {
    title: `${path} ${title}`,
    islands: ['locator'],
    crumbs: [
      { path: `/releases/${release}`, text: shown(about.target) },
      ...(current === '' ? [] : [{ path: moduleHref(module), text: shown(path) }]),
    ],
    body: html`<h1 class="mono">${shown(path)}</h1>
${about.slices.length === 0 ? tabs(visit.words, module, current) : ''}
${body}`,
  } as Page;
}

function tabs({ say, number }: Words, module: ModuleShown, current: Tab | undefined): Html {
  const { counts } = module.about;
  const countOf = (tab: Tab): string =>
    tab === '' || tab === 'bytes' ? '' : ` (${number(counts[tab])})`;
  return html`<nav class="tabs" aria-label="${say('module.pages')}"><ul class="row">${TABS.map(
    (tab) =>
      html`<li><a href="${moduleHref(module, tab)}" ${tab === current ? html`aria-current="page"` : ''}>${say(TITLES[tab])}${countOf(tab)}</a></li>`,
  )}</ul></nav>` as Html;
}

/** A box that searches one table of a module. */
export function moduleSearch(
  { say }: Words,
  { path }: ModuleShown,
  q: string,
  label: MessageId,
): Html {
  return html`<form method="get" class="search field"><input type="hidden" name="path" value="${path}"><label class="unseen" for="q">${say(label)}</label><input id="q" name="q" type="search" value="${q}" maxlength="200" spellcheck="false" autocomplete="off" placeholder="${say(label)}"><button>${say('search.button')}</button></form>` as Html;
}

/** Which rows of a table a page's address asks for. */
export function rowsAsked(url: URL): {
  readonly q: string;
  readonly query: { q?: string; after: number };
} {
  const q = (url.searchParams.get('q') ?? '').slice(0, 200);
  const after = Math.max(0, Math.floor(Number(url.searchParams.get('after') ?? 0)) || 0);
  return { q, query: { after, ...(q === '' ? {} : { q }) } };
}
