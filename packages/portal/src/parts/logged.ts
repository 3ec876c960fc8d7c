import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';
import { empty } from './lists.ts';
import { entryLine } from './log-entries.ts';
import { entriesNaming } from './log-index.ts';
import { verifyEntry } from './verify-entry.ts';

/** Entries on one page: the newest, which whoever follows a product came for. */
const MOST = 50;

/**
 * What the log says of a digest or a product, each entry with a button that
 * verifies it in the visitor's browser. Of a digest the entry must have it.
 */
export async function loggedPart(
  words: Words,
  client: Ask,
  names: readonly string[],
  type?: 'verdict',
): Promise<Html> {
  const entries = (await entriesNaming(client, names)).filter(
    ({ fields }) => type === undefined || fields.type === type,
  );
  if (entries.length === 0) {
    return empty(words, 'log.not-named', { path: '/log', id: 'nav.log' }) as Html;
  }
  const items = entries.slice(0, MOST).map((entry) => {
    const { digest } = entry.fields;
    const wanted = names.find((name) => name === digest);
    return html`<li>${entryLine(words, entry)}${verifyEntry(words, entry.index, wanted)}</li>`;
  });
  return html`<ul class="plain">${items}</ul>` as Html;
}
