import { type AnswerOf, drafts } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import { type Html, shownWithin } from '../../page/shown.ts';
import { buttonForm } from '../../parts/forms.ts';
import type { Words } from '../../words/words.ts';

/** The parts of a claim, as labelled lines that the intake reads. */
export const PARTS = ['product', 'module', 'place', 'feature', 'seen'] as const;
export type Part = (typeof PARTS)[number];

type Fields = Readonly<Record<string, string>>;
type Listed = AnswerOf<typeof drafts.list>['items'];

const LABELLED = new RegExp(`^(${PARTS.join('|')}): (.*)$`);

/** The fields as one text: a labelled line each, further lines indented by a tab. */
export function draftText(fields: Fields): string {
  const lines = PARTS.filter((part) => (fields[part] ?? '').trim() !== '').map(
    (part) => `${part}: ${fields[part]!.replaceAll('\n', '\n\t')}`,
  );
  return lines.join('\n');
}

/** The fields of a draft; a text that is of no form of ours is all place, where anything may be pasted. */
export function draftFields(text: string): Fields {
  const fields: Record<string, string> = {};
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const match = LABELLED.exec(line);
    if (match !== null) {
      last = match[1]!;
      fields[last] = match[2]!;
    } else if (last !== undefined && line.startsWith('\t')) fields[last] += `\n${line.slice(1)}`;
    else return { place: text };
  }
  return fields;
}

/** What was kept, to go on with: its fields, its id and when it was last changed. */
export async function draftRead(client: Ask, draft: string): Promise<Fields> {
  const { id, text, changed } = await client.ask(drafts.read, { params: { draft } });
  return { ...draftFields(text), draft: id, changed };
}

/** Keeps the fields for whoever is signed in; refuses where another window has written since. */
export async function keepDraft(client: Ask, fields: Fields): Promise<string> {
  const text = draftText(fields) || ' ';
  const { draft = '', changed = '' } = fields;
  if (draft === '') return (await client.ask(drafts.make, { body: { text } })).id;
  const body = { text, ...(changed === '' ? {} : { seen: changed }) };
  return (await client.ask(drafts.change, { params: { draft }, body })).id;
}

/** A draft that was handed in is none any more; one that is gone already is no fault. */
export async function dropDraft(client: Ask, draft: string | undefined): Promise<void> {
  if (draft === undefined || draft === '') return;
  await client.send(drafts.remove, { params: { draft } }).catch(() => undefined);
}

/** What one wrote and did not hand in. */
export function draftList(words: Words, items: Listed): Html {
  const { say } = words;
  if (items.length === 0) return html`` as Html;
  const lines = items.map(
    ({ id, starts, changed }) =>
      html`<li><a href="/claims/new?draft=${id}">${shownWithin(starts, 160)}</a> <span class="quiet small">${words.time(new Date(changed))}</span> ${buttonForm('/claims/new', say('draft.remove'), { step: 'drop', draft: id })}</li>`,
  );
  return html`<section aria-labelledby="drafts"><h2 id="drafts">${say('draft.title')}</h2><ul class="plain">${lines}</ul></section>` as Html;
}
