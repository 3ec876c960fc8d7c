import { html } from 'hono/html';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';

/** What one wants to be told of; all of it has to fit. */
export interface Wanted {
  readonly product?: string;
  readonly maker?: string;
  readonly host?: string;
  readonly feature?: string;
}

export const WANTED = ['product', 'maker', 'host', 'feature'] as const;

/** Names of the two forms, the same in every language. */
export const FEED_NAMES = { atom: 'Atom', json: 'JSON Feed' } as const;

/** What an address or a form wants; what is empty is not wanted. */
export function wantedOf(
  values: (name: (typeof WANTED)[number]) => string | null | undefined,
): Wanted {
  return Object.fromEntries(
    WANTED.flatMap((name) => {
      const value = values(name)?.trim() ?? '';
      return value === '' ? [] : [[name, value.slice(0, 253)]];
    }),
  );
}

export function queryOf(wanted: Wanted): string {
  return new URLSearchParams(Object.entries(wanted)).toString();
}

/** Feeds of what is wanted, for the head of a page. */
export function feedsOf(wanted: Wanted) {
  const query = queryOf(wanted);
  const path = (form: string) => `/feeds/notices.${form}${query === '' ? '' : `?${query}`}`;
  return [
    { path: path('atom'), type: 'application/atom+xml', title: FEED_NAMES.atom },
    { path: path('json'), type: 'application/feed+json', title: FEED_NAMES.json },
  ] as const;
}

/** Ways to be told of it: what became public lately, feeds, and mail or a webhook for accounts. */
export function followLinks({ say }: Words, wanted: Wanted): Html {
  const query = queryOf(wanted);
  return html`<ul class="row"><li><a href="/news?${query}">${say('follow.news')}</a></li>${feedsOf(wanted).map(({ path, title }) => html`<li><a href="${path}">${title}</a></li>`)}<li><a href="/account/webhooks?${query}#subscribe">${say('follow.told')}</a></li></ul>` as Html;
}
