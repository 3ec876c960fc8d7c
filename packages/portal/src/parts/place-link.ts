import { html } from 'hono/html';
import { type Html, shownWithin } from '../page/shown.ts';

/** Where a locator points, as a link to its page; its file and place are what is read. */
export function placeLink(locator: string | undefined, most = 120): Html {
  if (locator === undefined) return html`–` as Html;
  const hash = locator.indexOf('#');
  const within = hash < 0 ? locator : locator.slice(hash + 1);
  return html`<a class="mono" href="/places?at=${encodeURIComponent(locator)}">${shownWithin(within, most)}</a>` as Html;
}
