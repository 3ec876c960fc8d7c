import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { type Html, shown } from '../page/shown.ts';
import { empty, facts } from '../parts/lists.ts';
import { type EntryPage, entriesOf, entryLine } from '../parts/log-entries.ts';
import type { Words } from '../words/words.ts';
import type { Asked } from './route.ts';

/** The log: its signed checkpoint as it is, and what verifies it in the browser. */
export async function logPage({ visit: { words }, client, url }: Asked): Promise<Page> {
  const { say } = words;
  const response = await client.fetch('/log/checkpoint');
  const text = response.ok ? await response.text() : undefined;
  const before = Number(url.searchParams.get('before') ?? Number.NaN);
  const listed = await entriesOf(client, before > 0 ? { before } : {});
  const [origin, size, root] = text?.split('\n') ?? [];
  const signatures = text?.split('\n').filter((line) => line.startsWith('— ')) ?? [];
  return {
    title: say('nav.log'),
    ...(text === undefined ? {} : { islands: ['log'] }),
    body: html`<h1>${say('nav.log')}</h1>
<p>${say('log.says')}</p>
${
  text === undefined
    ? empty(words, 'log.none')
    : html`${facts([
        [say('log.origin'), shown(origin ?? '')],
        [say('log.size'), words.number(Number(size))],
        [say('log.root'), html`<code>${root ?? ''}</code>` as Html],
        [
          say('log.signatures'),
          html`<ul>${signatures.map((line) => html`<li>${shown(line.split(' ')[1] ?? '')}</li>`)}</ul>` as Html,
        ],
      ])}
<p><button id="verify" hidden data-done="${say('log.verified')}" data-failed="${say('log.failed')}" data-at="${say('log.at')}">${say('log.verify')}</button></p>
<p id="verify-says" role="status"></p>
<details><summary>${say('log.checkpoint')}</summary><pre>${text}</pre></details>
${entryList(words, listed)}
<p>${say('log.command')}</p><pre><code>${'avow log fsck URL --key KEY'}</code></pre>`
}`,
  } as Page;
}

function entryList(words: Words, { entries, before }: EntryPage) {
  const { say } = words;
  if (entries.length === 0) return empty(words, 'log.no-entries');
  return html`<section aria-labelledby="entries"><h2 id="entries">${say('log.entries')}</h2><ol class="line">${entries.map((one) => html`<li id="entry-${one.index}">${entryLine(words, one)}</li>`)}</ol>
${before === undefined ? '' : html`<nav class="pages" aria-label="${say('list.pages')}"><a href="/log?before=${before}" rel="next">${say('log.older')}</a></nav>`}</section>`;
}
