import { html } from 'hono/html';
import type { Page } from '../page/page.ts';
import { type Html, shown } from '../page/shown.ts';
import { empty, facts } from '../parts/lists.ts';
import { type EntryPage, entriesOf, entryLine } from '../parts/log-entries.ts';
import type { Words } from '../words/words.ts';
import type { Asked } from './route.ts';

/** A place for a value in a message that an island fills. */
const HOLE = { value: '{}' };

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
${verifyPart(words, origin ?? '', `avow log fsck ${url.origin}/log --key KEY`)}
<details><summary>${say('log.checkpoint')}</summary><pre>${text}</pre></details>
${entryList(words, listed)}`
}`,
  } as Page;
}

/** Where the visitor's browser verifies the whole log; its key is its reader's to bring. */
function verifyPart({ say }: Words, origin: string, command: string) {
  return html`<section aria-labelledby="proof"><h2 id="proof">${say('log.verify-title')}</h2><p>${say('log.verify-says')}</p>
<div id="verify" hidden data-origin="${origin}" data-done="${say('log.verified', HOLE)}" data-failed="${say('proof.failed', HOLE)}" data-grown="${say('log.grown', HOLE)}" data-forked="${say('log.forked', HOLE)}" data-shrunk="${say('log.shrunk', HOLE)}" data-signed="${say('proof.signed', HOLE)}" data-forged="${say('proof.forged', HOLE)}" data-unsigned="${say('log.unsigned')}" data-nokey="${say('log.no-key', HOLE)}">
<div class="field"><label for="log-key">${say('log.key')}</label><input id="log-key" class="mono" maxlength="6000" autocomplete="off" spellcheck="false" aria-describedby="log-key-says"><p class="says" id="log-key-says">${say('log.key-says')}</p></div>
<p><button class="main">${say('log.verify')}</button> <span id="verify-count" class="quiet small"></span></p></div>
<div role="status"><ul id="verify-says"></ul></div>
<p>${say('log.command')}</p><pre><code>${command}</code></pre></section>`;
}

function entryList(words: Words, { entries, before }: EntryPage) {
  const { say } = words;
  if (entries.length === 0) return empty(words, 'log.no-entries');
  return html`<section aria-labelledby="entries"><h2 id="entries">${say('log.entries')}</h2><ol class="line">${entries.map((one) => html`<li id="entry-${one.index}">${entryLine(words, one)}</li>`)}</ol>
${before === undefined ? '' : html`<nav class="pages" aria-label="${say('list.pages')}"><a href="/log?before=${before}" rel="next">${say('log.older')}</a></nav>`}</section>`;
}
