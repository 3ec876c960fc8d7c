import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import type { Words } from '../words/words.ts';

/** Entries of one bundle (C2SP tlog-tiles, "Log Entries"). */
export const WIDTH = 256;

/** One entry of the log that is served here, as its maker wrote it. */
export interface LogEntry {
  readonly index: number;
  /** Its bytes as text. */
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface EntryPage {
  readonly size: number;
  readonly entries: readonly LogEntry[];
  /** Where the bundle before begins. */
  readonly before?: number;
}

/** The name and size of the log that is served here, by its checkpoint. */
export async function sizeOfLog(
  client: Ask,
): Promise<{ readonly origin: string; readonly size: number } | undefined> {
  const checkpoint = await client.fetch('/log/checkpoint');
  if (!checkpoint.ok) return undefined;
  const [origin = '', text = ''] = (await checkpoint.text()).split('\n');
  const size = Number(text);
  return Number.isSafeInteger(size) ? { origin, size } : undefined;
}

/** Entries of one bundle of a log of that size; none where it cannot be read. */
export async function readBundle(client: Ask, bundle: number, size: number): Promise<LogEntry[]> {
  const first = bundle * WIDTH;
  const response = await client.fetch(bundlePath(bundle, Math.min(WIDTH, size - first)));
  return response.ok ? entriesIn(await response.bytes(), first) : [];
}

/** The bundle of entries before `before`, the newest first; none where no log is served. */
export async function entriesOf(client: Ask, { before }: { before?: number }): Promise<EntryPage> {
  const size = (await sizeOfLog(client))?.size ?? 0;
  const end = Math.min(size, before ?? size);
  if (!Number.isSafeInteger(end) || end <= 0) return { size, entries: [] };
  const bundle = Math.floor((end - 1) / WIDTH);
  const first = bundle * WIDTH;
  const all = (await readBundle(client, bundle, size)).filter(({ index }) => index < end);
  return { size, entries: all.reverse(), ...(first === 0 ? {} : { before: first }) };
}

/** `x001/234` of tlog-tiles: groups of three digits, all but the last with an x. */
export function bundlePath(index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `/log/tile/entries/${path}${width === WIDTH ? '' : `.p/${width}`}`;
}

/** Entries with their lengths before them, big-endian, of two bytes. */
export function entriesIn(bytes: Uint8Array, first: number): LogEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: LogEntry[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const length = view.getUint16(at);
    const text = Buffer.from(bytes.subarray(at + 2, at + 2 + length)).toString('utf8');
    entries.push({ index: first + entries.length, text, fields: fieldsOf(text) });
    at += 2 + length;
  }
  return entries;
}

/** An entry is one JSON object (docs/formats/entries.md); what is none is shown as it is. */
function fieldsOf(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { text };
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
  } catch {
    return { text };
  }
}

/** What an entry is, on one line. */
export function entryLine(words: Words, { index, fields }: LogEntry): Html {
  const { type, product, version, number, maker, outcome, digest, text } = fields;
  const what = [product, version ?? number].filter((one) => one !== undefined).join(' ');
  return html`<a href="/entries/${index}">${words.say('log.entry', { n: index })}</a> ${type === undefined ? '' : words.word('entry-type', type)} ${shownWithin(what || (text ?? ''), 160)}${maker === undefined ? '' : html` <span class="quiet small">${shown(maker)}</span>`}${outcome === undefined ? '' : html` ${words.word('outcome', outcome)}`}${digest === undefined ? '' : html`<br><code class="small">${shown(digest)}</code>`}` as Html;
}
