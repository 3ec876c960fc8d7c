import { html } from 'hono/html';
import type { Ask } from '../ask.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import type { Words } from '../words/words.ts';
import { facts, table } from './lists.ts';
import type { Release } from './release.ts';
import { tag } from './tags.ts';

/** What we read of a result document (docs/result.md, avow.examination/1). */
interface ResultDocument {
  readonly unknowns: readonly unknown[];
  readonly declaration?: {
    readonly state: 'none' | 'held' | 'refused';
    readonly source?: string;
    readonly form?: string;
    readonly date?: string;
    readonly entries?: readonly EntryFound[];
    readonly promises?: readonly PromiseFound[];
    readonly states?: readonly { readonly state: string }[];
    readonly why?: { readonly message: string };
  };
}

interface EntryFound {
  readonly name: string;
  readonly state: string;
  readonly covers: number;
  readonly says: string;
}

interface PromiseFound {
  readonly name: string;
  readonly state: string;
  readonly says: string;
}

/** A document larger than this is not read for one table. */
const MAX_DOCUMENT = 64 * 1024 ** 2;
const ENTRIES = 200;

/** What the maker says, beside what was found of it: declared, undeclared, contradicting, unknown, and how much was read. */
export async function declaredBesideFound(
  words: Words,
  client: Ask,
  release: Release,
): Promise<Html> {
  const response = await client.fetch(`/api/v1/releases/${release.number}/examination`);
  const size = Number(response.headers.get('content-length') ?? 0);
  if (!response.ok || size > MAX_DOCUMENT) return html`` as Html;
  const document = (await response.json()) as ResultDocument;
  return html`<div class="columns even"><section><h3>${words.say('declared.says')}</h3>${said(words, document)}</section>
<section><h3>${words.say('declared.found')}</h3>${found(words, document, release)}</section></div>` as Html;
}

function said(words: Words, { declaration }: ResultDocument) {
  const { say } = words;
  if (declaration === undefined || declaration.state === 'none') {
    return html`<p>${say('product.no-declaration')}</p>`;
  }
  if (declaration.state === 'refused') {
    return html`<p>${say('declared.refused')} ${shown(declaration.why?.message ?? '')}</p>`;
  }
  const { entries = [], promises = [], source, date } = declaration;
  const rows = [
    ...entries
      .slice(0, ENTRIES)
      .map(({ name, state, covers, says }) => [
        html`<strong>${shownWithin(name, 120)}</strong><pre class="said small">${declarationLines(says)}</pre>` as Html,
        html`${words.word('entry', state)}${covers === 0 ? '' : html`, ${say('declared.covers', { n: covers })}`}` as Html,
      ]),
    ...promises
      .slice(0, ENTRIES)
      .map(({ name, state, says }) => [
        html`<strong>${shownWithin(name, 120)}</strong><pre class="said small">${declarationLines(says)}</pre>` as Html,
        html`${words.word('promise', state)}` as Html,
      ]),
  ];
  const from = [source, date].filter((one) => one !== undefined).join(', ');
  return html`<p class="quiet small">${shown(from)}</p>${rows.length === 0 ? html`<p>${say('declared.nothing')}</p>` : table(say('declared.entries'), [say('declared.entry'), say('head.state')], rows)}`;
}

/** Lines of a declaration, each safe; its line ends are its own. */
function declarationLines(text: string) {
  return text
    .slice(0, 600)
    .trimEnd()
    .split('\n')
    .map((line, at) => html`${at === 0 ? '' : '\n'}${shown(line)}`);
}

function found(words: Words, { declaration, unknowns }: ResultDocument, release: Release) {
  const { say } = words;
  const states = declaration?.states ?? [];
  const count = (state: string) => words.number(states.filter((one) => one.state === state).length);
  const isHeld = declaration?.state === 'held';
  const coverage = release.examination?.coverage ?? {};
  return facts([
    [say('declared.declared'), isHeld ? count('declared') : undefined],
    [say('declared.undeclared'), isHeld ? count('undeclared') : undefined],
    [say('declared.contradicts'), isHeld ? count('contradicts') : undefined],
    [say('declared.outside'), isHeld && count('outside') !== '0' ? count('outside') : undefined],
    [say('declared.unheld'), isHeld ? undefined : words.number(release.examination?.features ?? 0)],
    [say('declared.unknown'), words.number(unknowns.length)],
    [
      say('release.coverage'),
      say('release.coverage-says', {
        read: coverage.modulesRead ?? 0,
        all: coverage.modules ?? 0,
        bytesRead: words.bytes(coverage.bytesRead ?? 0),
        bytes: words.bytes(coverage.bytes ?? 0),
      }),
    ],
    [
      say('head.answer'),
      release.examination && (tag(words, 'answer', release.examination.answer) as Html),
    ],
  ]);
}
