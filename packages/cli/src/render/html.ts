import type { Examination, Flow } from '@avow/examine';
import { databasesHtml } from './databases-html.ts';
import { type Excerpt, excerptsOf, type Texts } from './explain/excerpt.ts';
import { saysFlow, saysGate, saysNoFlows, saysTransforms } from './explain/says.ts';
import { shown } from './shown.ts';

/** Flows on one page; more is no longer read. */
const MAX_FLOWS = 200;
/** Units of one source line that are shown around a hop. */
const MAX_LINE = 400;
const LEAD = 120;

const ROLES = { source: 'read here', step: 'goes on', destination: 'leaves here' } as const;

const STYLE = `
:root{color-scheme:light dark;--line:#8886;--mark:#ffe9a8;--end:#ffc9c2;--dim:#5a5a5a}
@media (prefers-color-scheme:dark){:root{--mark:#5c4a00;--end:#6b1d14;--dim:#b0b0b0}}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{overflow-wrap:anywhere;font-size:1.5rem}h2{font-size:1.15rem;margin:2.5rem 0 .25rem}
h3{font:600 .85rem/1.5 ui-monospace,monospace;margin:1rem 0 .25rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
pre{font:.8rem/1.55 ui-monospace,monospace;margin:0;border:1px solid var(--line);border-radius:4px;overflow-x:auto}
pre span{display:block;padding:0 .75rem;white-space:pre}
pre .no{display:inline-block;padding:0;min-width:3.5em;color:var(--dim);user-select:none}
pre .hop{background:var(--mark)}pre .end{background:var(--end)}
pre .says{font-weight:600}
ol{padding-left:1.25rem}
`;

/**
 * The flows of an examination as one page to send to someone: no scripts,
 * nothing from elsewhere, and a policy that lets nothing in. Every text of the
 * product is escaped: its source is shown, never obeyed.
 */
export function examinationHtml(examination: Examination, texts: Texts): string {
  const { product, flows, engine, rules } = examination;
  const title = `Flows of ${product.target}`;
  const shownFlows = flows.slice(0, MAX_FLOWS);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<dl>
<dt>Product</dt><dd>${escaped(product.digest)}</dd>
<dt>Engine</dt><dd>${escaped(engine.version)}, ${escaped(engine.digest)}</dd>
<dt>Rules</dt><dd>update ${rules.update}, ${escaped(rules.digest)}</dd>
<dt>Read</dt><dd>${examination.coverage.modulesRead} of ${examination.coverage.modules} modules; ${examination.unknowns.length} places could not be decided</dd>
</dl>
${databasesHtml(examination)}
${contents(shownFlows, flows.length)}
${shownFlows.map((flow) => flowSection(flow, texts)).join('\n')}
${noFlowsSection(examination)}
</body></html>
`;
}

function contents(flows: readonly Flow[], count: number): string {
  if (count === 0) return '<p>No flow was found.</p>';
  const items = flows.map(
    (flow) => `<li><a href="#${flow.id}">${escaped(saysFlow(flow))}</a></li>`,
  );
  const more = count > flows.length ? `<p>… ${count - flows.length} more.</p>` : '';
  return `<nav aria-label="Flows"><ol>${items.join('\n')}</ol>${more}</nav>`;
}

function flowSection(flow: Flow, texts: Texts): string {
  const facts = [
    ['Data', flow.source],
    ['Goes to', [flow.destination, flow.recipient].filter((one) => one !== undefined).join(' · ')],
    ['On its way', saysTransforms(flow)],
    ['Decided by', saysGate(flow)],
    ['Flow', flow.id],
  ].filter(([, text]) => text !== '');
  return `<section id="${flow.id}"><h2>${escaped(saysFlow(flow))}</h2>
<dl>${facts.map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text!)}</dd>`).join('')}</dl>
${excerptsOf(flow, texts)
  .map((excerpt) => excerptHtml(excerpt, texts))
  .join('\n')}</section>`;
}

function excerptHtml(excerpt: Excerpt, texts: Texts): string {
  const lines = texts.get(excerpt.path)!;
  const rows: string[] = [];
  for (let number = excerpt.first; number <= excerpt.last; number += 1) {
    const hops = excerpt.hops.filter(({ at }) => at.line === number);
    const start = Math.max(0, (hops[0]?.at.column ?? 1) - LEAD);
    const line = lines[number - 1]!;
    const text = `${start > 0 ? '…' : ''}${line.slice(start, start + MAX_LINE)}${line.length > start + MAX_LINE ? '…' : ''}`;
    const isEnd = hops.some(({ hop }) => hop.role !== 'step');
    const kind = hops.length === 0 ? '' : ` class="${isEnd ? 'end' : 'hop'}"`;
    rows.push(`<span${kind}><span class="no">${number}</span>${code(text)}</span>`);
    for (const { hop, number: count } of hops) {
      rows.push(
        `<span${kind}><span class="no"></span><b class="says">↑ ${count}. ${ROLES[hop.role]}</b></span>`,
      );
    }
  }
  return `<h3>${escaped(excerpt.path)}</h3><pre tabindex="0">${rows.join('')}</pre>`;
}

function noFlowsSection({ noFlows = [] }: Examination): string {
  if (noFlows.length === 0) return '';
  const items = saysNoFlows(noFlows).map((text) => `<li>${escaped(text)}</li>`);
  return `<section><h2>Where no path was found</h2><p>Within the limits of the analysis.</p><ul>${items.join('')}</ul></section>`;
}

/** Source text: tabs stay what they are, everything else that is unsafe is shown. */
function code(text: string): string {
  return text.split('\t').map(escaped).join('\t');
}

/** Control characters and bidi marks are shown, not obeyed; what HTML reads is escaped. */
function escaped(text: string): string {
  return shown(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
