import type { Case } from '../case/case.ts';
import type { Party } from '../case/parts.ts';
import { brief } from '../claim/brief.ts';
import type { Receipt } from '../claim/receipt.ts';
import type { DocketEvent } from '../event/event.ts';
import { escaped } from './feed.ts';

/** Everything of a case that is handed over: texts and evidence by digest. */
export interface CaseFile {
  readonly found: Case;
  readonly events: readonly DocketEvent[];
  readonly receipts: readonly Receipt[];
  /** Digests of the declarations that are handed over; those in the product are not. */
  readonly declarations: ReadonlySet<string>;
  /** Texts by digest; those that were erased are not in it. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths of the products that are handed over. */
  readonly products?: readonly string[];
}

/** One page without script, style sheets or pictures from elsewhere; every word of others is a text node. */
export function casePage(file: CaseFile): string {
  const { found, events, receipts, declarations, texts, products = [] } = file;
  const { proposal, embargo } = found;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(found.id)}: ${escaped(found.said)}</title>`,
    `<style>${STYLE}</style></head><body><main>`,
    `<h1>${escaped(found.said)} in ${escaped(found.target)}</h1>`,
    list([
      ['Case', found.id],
      ['State', found.state],
      ['Place', found.locator],
      [
        'Claims',
        found.contents.length > 0
          ? 'none: an alarm'
          : `${found.claims.length} (repetition is no corroboration)`,
      ],
      ...found.contents.map((one) => ['Content', one] as const),
      ['Opened', found.openedAt],
      ['Vendor told', found.notifiedAt ?? 'no'],
      ...(embargo.end === undefined ? [] : [['Embargo until', embargo.end] as const]),
    ]),
    '<h2>Verdict</h2>',
    proposal === undefined
      ? '<p>None yet.</p>'
      : list([
          ['Verdict', proposal.outcome],
          ['Why', proposal.summary],
          ['Proposed by', `${proposal.by}, ${proposal.at}`],
          [
            'Approved by',
            proposal.approvedBy === undefined
              ? 'nobody yet'
              : `${proposal.approvedBy}, ${proposal.decidedAt}`,
          ],
        ]),
    '<h2>Runs</h2>',
    table(
      ['runner', 'when', 'outcome', 'result', 'engine', 'rules'],
      found.runs.map((run) => [run.runner, run.at, run.outcome, run.result, run.engine, run.rules]),
    ),
    ...distinctRechecks(receipts).flatMap((recheck) => [
      ...listed(
        'What leaves',
        recheck.leaves.map((one) => brief(one, found.target)),
      ),
      ...listed('What decides it from outside', recheck.gates),
      ...listed('Why nothing comes to it', recheck.unreached ?? []),
      ...listed('What differs between the two contents', recheck.differences ?? []),
      ...listed('What is there instead', recheck.instead),
      ...listed('What could not be settled', recheck.unsettled),
    ]),
    '<h2>Statements, side by side</h2>',
    `<div class="sides">${sides(found, texts)}</div>`,
    ...listed(
      'Deadlines that passed',
      found.missed.map(({ at, says }) => `${at}: ${says}`),
    ),
    '<h2>How to run it again</h2>',
    products.length > 0
      ? '<p>In this folder, without a network:</p>'
      : '<p>Take the product with the digest below, and:</p>',
    `<pre>${receipts.map((one, index) => escaped(verifyLine(one, index, declarations, products))).join('\n')}</pre>`,
    list([['Product', found.product ?? 'not given']]),
    '<h2>How to see that nothing was left out</h2>',
    '<p>The events below are in one chain with those of all other cases. Whether they are all, and as they were, is proven in this folder without a network:</p>',
    `<pre>avow case verify .${found.logged.length > 0 ? ' --key KEY' : ''}</pre>`,
    ...found.logged
      .slice(-1)
      .map(
        ({ log, entry }) =>
          `<p>KEY is the public key of the log ${escaped(log)}, whose entry ${escaped(entry)} holds the head of the chain.</p>`,
      ),
    '<h2>Everything that happened</h2>',
    table(
      ['number', 'at', 'of', 'who', 'move'],
      events.map(({ number, at, subject, actor, move }) => [
        `${number}`,
        at,
        subject,
        `${actor.name} (${actor.role})`,
        move,
      ]),
    ),
    '</main></body></html>',
    '',
  ].join('\n');
}

/** Runs by other engines are other receipts, and what they found is told once where it is the same. */
function distinctRechecks(receipts: readonly Receipt[]): readonly Receipt['recheck'][] {
  return [...new Map(receipts.map(({ recheck }) => [JSON.stringify(recheck), recheck])).values()];
}

/** A declaration that is part of the product needs no naming. */
function verifyLine(
  { declaration }: Receipt,
  index: number,
  handed: ReadonlySet<string>,
  products: readonly string[],
): string {
  const isHanded = declaration !== undefined && handed.has(declaration);
  const held = isHanded ? ` --declaration declaration-${index + 1}.yaml` : '';
  const product = products.length > 0 ? products.join(' ') : 'PRODUCT';
  return `avow claim verify receipt-${index + 1}.json ${product}${held}`;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}' +
  'dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}' +
  'table{border-collapse:collapse;width:100%}td,th{border:1px solid #767676;padding:.25rem .5rem;text-align:left}' +
  '.long{overflow-wrap:anywhere;min-width:12rem}h1,li,pre{overflow-wrap:anywhere}pre{white-space:pre-wrap}' +
  '.wide{overflow-x:auto}' +
  '.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}' +
  'blockquote{white-space:pre-wrap;border-left:4px solid #767676;margin:0;padding-left:1rem}';

function sides({ statements }: Case, texts: ReadonlyMap<string, string>): string {
  const roles = [...new Set(statements.map(({ by }) => by.role))];
  if (roles.length === 0) return '<p>Nobody has said anything.</p>';
  const says = (role: Party['role']): string =>
    statements
      .filter(({ by }) => by.role === role)
      .map(({ by, at, text, stance }) => {
        const said = texts.get(text);
        const quote = said === undefined ? '(erased)' : said;
        const how = stance === undefined ? '' : ` ${stance}`;
        return `<p>${escaped(by.name)}${escaped(how)}, ${escaped(at)}</p><blockquote>${escaped(quote)}</blockquote>`;
      })
      .join('\n');
  return roles
    .map((role) => `<section><h3>${escaped(role)}</h3>${says(role)}</section>`)
    .join('\n');
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [
    `<h2>${title}</h2>`,
    `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`,
  ];
}

function list(pairs: readonly (readonly [string, string])[]): string {
  return `<dl>${pairs.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}${cell.length > 40 ? ' class="long"' : ''}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  // Wider than a small screen: it scrolls by itself, by the keyboard too.
  return `<div class="wide" tabindex="0"><table><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table></div>`;
}
