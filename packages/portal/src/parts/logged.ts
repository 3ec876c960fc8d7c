import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';
import { empty } from './lists.ts';
import { entryLine, type LogEntry, readBundle, sizeOfLog, WIDTH } from './log-entries.ts';
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
  return entryItems(words, entries, names);
}

/** Entries by their numbers; those that the log does not show are left out. */
export async function loggedEntries(
  words: Words,
  client: Ask,
  numbers: readonly number[],
): Promise<Html> {
  const size = (await sizeOfLog(client))?.size ?? 0;
  const wanted = numbers.filter((number) => number < size).slice(0, MOST);
  const bundles = new Set(wanted.map((number) => Math.floor(number / WIDTH)));
  const read = await Promise.all([...bundles].map((one) => readBundle(client, one, size)));
  const entries = read.flat().filter(({ index }) => wanted.includes(index));
  return entryItems(words, entries, []);
}

function entryItems(words: Words, entries: readonly LogEntry[], names: readonly string[]): Html {
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
