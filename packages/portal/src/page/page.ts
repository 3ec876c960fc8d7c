import { html } from 'hono/html';
import type { Assets } from '../assets/assets.ts';
import type { MessageId, Words } from '../words/words.ts';
import { type Html, plainly } from './shown.ts';

/** A theme that a person chose; `system` follows the machine. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What every page knows of the request that it answers. */
export interface Visit {
  readonly words: Words;
  readonly locales: readonly string[];
  readonly theme: Theme;
  /** Path and query of the page, to come back to. */
  readonly at: string;
  /** Name of who is signed in. */
  readonly account?: { readonly name: string; readonly isStaff: boolean };
  /** Services that people may sign in with. */
  readonly providers?: readonly { readonly id: string; readonly name: string }[];
}

export interface Crumb {
  readonly path: string;
  readonly text: Html | string;
}

/** One page, before the frame of all pages is put around it. */
export interface Page {
  readonly title: string;
  readonly body: Html | Promise<Html>;
  readonly crumbs?: readonly Crumb[];
  /** Islands of script that it loads, by name. */
  readonly islands?: readonly string[];
  /** Feeds of what it shows. */
  readonly feeds?: readonly {
    readonly path: string;
    readonly type: string;
    readonly title: string;
  }[];
  /** Seconds after which it asks for itself again, where there is no script. */
  readonly again?: number;
  /** It has the search box itself, in a larger place. */
  readonly hasSearch?: boolean;
  /** What was typed into the search box, to stay there. */
  readonly query?: string;
  readonly status?: 200 | 201 | 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
}

const SECTIONS = [
  { path: '/products', id: 'nav.products' },
  { path: '/claims', id: 'nav.claims' },
  { path: '/news', id: 'nav.news' },
  { path: '/log', id: 'nav.log' },
  { path: '/examine', id: 'nav.examine' },
] as const satisfies readonly { path: string; id: MessageId }[];

/** The whole document of a page. */
export async function documentOf(page: Page, visit: Visit, assets: Assets): Promise<string> {
  const { words, theme } = visit;
  const { say } = words;
  const text = await html`<!doctype html>
<html lang="${words.locale}" ${theme === 'system' ? '' : html`data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${plainly(page.title)} · ${say('brand')}</title>
${page.again === undefined ? '' : html`<meta http-equiv="refresh" content="${page.again}">`}
<link rel="stylesheet" href="${assets.style}">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${(page.feeds ?? []).map(({ path, type, title }) => html`<link rel="alternate" href="${path}" type="${type}" title="${title}">`)}
${(page.islands ?? []).map((name) => html`<script type="module" src="${assets.island(name)}"></script>`)}
</head>
<body>
<a class="skip" href="#main">${say('nav.skip')}</a>
<header class="top"><div>
<a class="brand" href="/">${say('brand')}</a>
${navigation(visit)}
${page.hasSearch === true ? '' : searchForm(visit, 'top-search', page.query)}
${accountLinks(visit)}
</div></header>
<main id="main" tabindex="-1">
${page.crumbs === undefined ? '' : crumbsOf(page.crumbs, say('nav.path'))}
${await page.body}
</main>
${footer(visit)}
</body>
</html>
`;
  return String(text);
}

function navigation({ words: { say }, at }: Visit) {
  return html`<nav aria-label="${say('nav.main')}"><ul class="row">
${SECTIONS.map(
  ({ path, id }) =>
    html`<li><a href="${path}" ${isWithin(at, path) ? html`aria-current="page"` : ''}>${say(id)}</a></li>`,
)}
</ul></nav>`;
}

function isWithin(at: string, path: string): boolean {
  return at === path || at.startsWith(`${path}/`) || at.startsWith(`${path}?`);
}

/** One box that takes anything: product, locator, host, file, record, detection, symptom. */
export function searchForm({ words: { say } }: Visit, id: string, query?: string) {
  return html`<form class="search" role="search" aria-label="${say(id === 'top-search' ? 'search.title' : 'search.here')}" action="/search" method="get">
<label class="unseen" for="${id}">${say('search.label')}</label>
<input id="${id}" type="search" name="q" value="${query ?? ''}" maxlength="2000" autocomplete="off" spellcheck="false" placeholder="${say('search.placeholder')}">
<button>${say('search.button')}</button>
</form>`;
}

function accountLinks({ words: { say }, account, at }: Visit) {
  const links =
    account === undefined
      ? [html`<li><a href="/sign-in?next=${encodeURIComponent(at)}">${say('nav.sign-in')}</a></li>`]
      : [
          ...(account.isStaff ? [html`<li><a href="/desk">${say('nav.desk')}</a></li>`] : []),
          html`<li><a href="/account">${account.name}</a></li>`,
        ];
  return html`<nav aria-label="${say('nav.account')}"><ul class="row">${links}</ul></nav>`;
}

function crumbsOf(crumbs: readonly Crumb[], label: string) {
  return html`<nav class="crumbs" aria-label="${label}"><ol>
${crumbs.map(({ path, text }) => html`<li><a class="crumb" href="${path}">${text}</a></li>`)}
</ol></nav>`;
}

function footer({ words, locales, theme, at }: Visit) {
  const { say } = words;
  return html`<footer class="foot"><div>
<span>${say('foot.says')}</span>
<ul class="row">
<li><a href="/about">${say('foot.about')}</a></li>
<li><a href="/api/v1/openapi.json">${say('foot.api')}</a></li>
<li><a href="/.well-known/security.txt">security.txt</a></li>
</ul>
<form method="post" action="/settings/look">
<input type="hidden" name="next" value="${at}">
<label>${say('foot.language')} <select name="language">
${locales.map((locale) => html`<option value="${locale}" lang="${locale}" ${locale === words.locale ? 'selected' : ''}>${nameOf(locale)}</option>`)}
</select></label>
<label>${say('foot.theme')} <select name="theme">
${THEMES.map((one) => html`<option value="${one}" ${one === theme ? 'selected' : ''}>${say(`theme.${one}`)}</option>`)}
</select></label>
<button>${say('foot.apply')}</button>
</form>
</div></footer>`;
}

/** A language by its own name, which whoever reads it can find. */
function nameOf(locale: string): string {
  return new Intl.DisplayNames(locale, { type: 'language' }).of(locale) ?? locale;
}
