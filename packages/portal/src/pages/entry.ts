import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { type Html, shown } from '../page/shown.ts';
import { facts } from '../parts/lists.ts';
import { readBundle, sizeOfLog, WIDTH } from '../parts/log-entries.ts';
import { PROOF_ISLAND, verifyEntry } from '../parts/verify-entry.ts';
import { absentPage } from './error.ts';
import type { Asked } from './route.ts';

/** One entry of the log, as its maker wrote it, and the proof that everyone has it at its place. */
export async function entryPage({ visit, client, params }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const index = Number(params.index);
  const log = await sizeOfLog(client);
  if (log === undefined || index >= log.size) return absentPage(visit);
  const bundle = await readBundle(client, Math.floor(index / WIDTH), log.size);
  const entry = bundle[index % WIDTH];
  if (entry === undefined) return absentPage(visit);
  const { type, ...rest } = entry.fields;
  const title = say('log.entry', { n: index });
  const neighbour = (n: number, rel: 'prev' | 'next', id: 'log.before' | 'log.after') =>
    n < 0 || n >= log.size ? '' : html`<a href="/entries/${n}" rel="${rel}">${say(id)}</a>`;
  return {
    title,
    islands: [PROOF_ISLAND],
    crumbs: [{ path: '/log', text: say('nav.log') }],
    body: html`<h1>${title}${type === undefined ? '' : html`: ${words.word('entry-type', type)}`}</h1>
${facts([
  [say('log.origin'), shown(log.origin)],
  ...Object.entries(rest).map(
    ([name, value]) =>
      [fieldName(words, name), html`<span class="mono">${shown(value)}</span>` as Html] as const,
  ),
])}
<section aria-labelledby="proof"><h2 id="proof">${say('proof.title')}</h2><p>${say('proof.says')}</p>${verifyEntry(words, index)}
<p>${say('log.command')}</p><pre><code>${`avow log prove LOG ${index} --key KEY`}</code></pre></section>
<details><summary>${say('log.bytes')}</summary><pre>${shown(entry.text)}</pre></details>
<nav class="pages" aria-label="${say('list.pages')}">${neighbour(index - 1, 'prev', 'log.before')}${neighbour(index + 1, 'next', 'log.after')}</nav>`,
  } as Page;
}

function fieldName(words: Asked['visit']['words'], name: string): string {
  return words.word('entry-field', name);
}
