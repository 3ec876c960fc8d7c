import type { AnswerOf, cases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import { type Html, shown } from '../../page/shown.ts';
import { empty, table } from '../../parts/lists.ts';
import type { Words } from '../../words/words.ts';

type Case = AnswerOf<typeof cases.read>;

/** What we read of a receipt (docs/docket.md, avow.receipt/1). */
interface Receipt {
  readonly product?: { readonly target: string };
  readonly declaration?: string;
  readonly engine?: { readonly version: string };
  readonly rules?: { readonly update: number };
}

/** The runs of a case, and how anyone makes them again: the receipt, the product, the command. */
export async function runs(words: Words, client: Ask, one: Case, origin: string): Promise<Html> {
  const { say } = words;
  const [first] = one.runs;
  if (first === undefined) return empty(words, 'case.no-runs') as Html;
  const rows = one.runs.map((run) => [
    run.runner === '' ? say('case.unnamed') : shown(run.runner),
    words.time(new Date(run.at)),
    words.word('recheck', run.outcome),
    html`<code class="small">${run.result}</code>` as Html,
  ]);
  const heads = [say('case.runner'), say('head.date'), say('claim.outcome'), say('case.result')];
  const path = `/api/v1/cases/${one.id}/receipts/${first.receipt}`;
  const receipt = await receiptAt(client, path);
  return html`${table(say('case.runs'), heads, rows)}<h3>${say('case.yourself-title')}</h3><p>${say('case.yourself')}</p>
<pre><code>${commands(one, receipt, origin + path, origin)}</code></pre>
${receipt.engine === undefined ? '' : html`<p class="small quiet">${say('case.made-with', { engine: receipt.engine.version, rules: receipt.rules?.update ?? '' })}</p>`}
<p class="screen"><a class="button" download="receipt.json" href="${path}">${say('case.receipt')}</a></p>` as Html;
}

/** What the command needs of a receipt; of one that cannot be read the case says enough. */
async function receiptAt(client: Ask, path: string): Promise<Receipt> {
  const response = await client.fetch(path);
  if (!response.ok) return {};
  return (await response.json().catch(() => ({}))) as Receipt;
}

/** Lines for a shell: everything that is fetched is fetched from where it is named, then the re-check is made offline. */
function commands(
  one: Case,
  { product, declaration }: Receipt,
  receipt: string,
  origin: string,
): string {
  const held = declaration === undefined ? '' : ' --declaration declaration.yaml';
  return [
    `curl -o receipt.json '${receipt}'`,
    ...(declaration === undefined
      ? []
      : [`curl -o declaration.yaml '${origin}/api/v1/declarations/${declaration}'`]),
    `avow claim verify receipt.json ${productOf(product?.target ?? one.target)}${held}`,
  ].join('\n');
}

/** The product as the command line takes it; what no registry has is a file that the reader has. */
function productOf(target: string): string {
  const npm = /^pkg:npm\/((?:%40[\w.-]+\/)?[\w.-]+)@([\w.+-]+)$/.exec(target);
  if (npm !== null) return `npm:${npm[1]!.replace('%40', '@')}@${npm[2]}`;
  const deb = /^pkg:deb\/(?:debian\/)?([a-z0-9+.-]+)@([\w.+~:%-]+)/.exec(target);
  return deb === null ? 'FILE' : `deb:${deb[1]}=${decodeURIComponent(deb[2]!)}`;
}
