import { VOCABULARY } from '@avow/declare';
import { type AnswerOf, features, findings, flows, releases, updates } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../page/page.ts';
import { type Html, shown, shownWithin } from '../page/shown.ts';
import { flowPicture } from '../parts/flow-picture.ts';
import { empty, facts, table } from '../parts/lists.ts';
import { loggedPart } from '../parts/logged.ts';
import type { Release } from '../parts/release.ts';
import { tag } from '../parts/tags.ts';
import { PROOF_ISLAND } from '../parts/verify-entry.ts';
import type { Words } from '../words/words.ts';
import type { Asked } from './route.ts';

type Feature = AnswerOf<typeof features.list>['items'][number];
type Flow = AnswerOf<typeof flows.list>['items'][number];
type Finding = AnswerOf<typeof findings.list>['items'][number];

const MOST = 200;
const EVIDENCE = 160;
const GROUPS = ['source', 'destination', 'power', 'qualifier'] as const;

/** One release: what was found beyond its declaration, where data goes, all that it can do, each at its place. */
export async function releasePage({ visit, client, params }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const release = Number(params.release);
  const query = { release, limit: MOST };
  const [found, beyond, paths, able, modules, databases] = await Promise.all([
    client.ask(releases.read, { params: { release } }),
    client.ask(findings.list, { query }),
    client.ask(flows.list, { query }),
    client.ask(features.list, { query }),
    client.ask(releases.modules, { params: { release }, query: { limit: MOST } }),
    client.ask(updates.list, { query }),
  ]);
  return {
    title: `${found.name} ${found.version}`,
    islands: [PROOF_ISLAND],
    crumbs: [
      { path: '/products', text: say('products.title') },
      { path: `/products/${found.product}`, text: shown(found.name) },
    ],
    body: html`<h1>${shown(found.name)} ${shown(found.version)}</h1>
${about(words, found)}
${
  found.examination === undefined
    ? empty(words, 'release.waiting')
    : html`
<section aria-labelledby="findings"><h2 id="findings">${say('release.findings')}</h2>${findingTable(visit, found, beyond.items)}</section>
<section aria-labelledby="flows"><h2 id="flows">${say('release.flows')}</h2>${flowTable(visit, found, paths.items)}</section>
<section aria-labelledby="features"><h2 id="features">${say('release.features')}</h2>${featureTables(visit, found, able.items)}</section>
<section aria-labelledby="modules"><h2 id="modules">${say('release.modules')}</h2>${table(
        say('release.modules'),
        [say('head.path'), say('head.kind'), say('head.size'), say('head.state')],
        modules.items.map((module) => [
          html`<a href="/releases/${release}/module?path=${encodeURIComponent(module.path)}">${shown(module.path)}</a>`,
          module.kind,
          words.bytes(module.size),
          module.state === 'read'
            ? tag(words, 'state', module.state)
            : html`${tag(words, 'state', module.state)} <span class="small">${shown(module.why?.message ?? '')}</span>`,
        ]) as never,
      )}</section>
${
  databases.items.length === 0
    ? ''
    : html`<section aria-labelledby="databases"><h2 id="databases">${say('release.updates')}</h2><ul>${[
        ...databases.items,
      ]
        .reverse()
        .map(
          (update) =>
            html`<li><a href="/updates/${update.number}">${shown(update.path)}</a> ${shown(update.format)} ${shown(update.update)}, ${words.number(update.records)}</li>`,
        )}</ul></section>`
}
<section aria-labelledby="logged"><h2 id="logged">${say('release.logged')}</h2>${await loggedPart(words, client, [found.digest])}</section>
<p><a href="/api/v1/releases/${release}/examination">${say('release.document')}</a></p>`
}`,
  } as Page;
}

function about(words: Words, release: Release) {
  const { say } = words;
  const { examination } = release;
  const coverage = examination?.coverage;
  const pairs: readonly (readonly [string, Html | string | undefined])[] = [
    [say('release.version'), shown(release.version)],
    [say('release.digest'), html`<code>${release.digest}</code>` as Html],
    [say('release.size'), words.bytes(release.size)],
    [
      say('head.answer'),
      (examination === undefined
        ? tag(words, 'state', release.state)
        : tag(words, 'answer', examination.answer)) as Html,
    ],
    [say('release.examined'), examination && words.time(new Date(examination.at))],
    [
      say('release.by'),
      examination &&
        say('release.engine', {
          engine: examination.engine.version,
          rules: examination.rules.update,
        }),
    ],
    [
      say('release.coverage'),
      coverage &&
        say('release.coverage-says', {
          read: coverage.modulesRead ?? 0,
          all: coverage.modules ?? 0,
          bytesRead: words.bytes(coverage.bytesRead ?? 0),
          bytes: words.bytes(coverage.bytes ?? 0),
        }),
    ],
  ];
  return facts(pairs);
}

/** Where a locator points: the place within its release, as a link to the module's page. */
function place(release: Release, locator: string | undefined) {
  if (locator === undefined) return html`–`;
  const within = locator.startsWith(release.target)
    ? locator.slice(release.target.length)
    : locator;
  const text = within.replace(/^#/, '');
  return html`<a class="mono" href="/places?at=${encodeURIComponent(locator)}">${shownWithin(text, 120)}</a>`;
}

function findingTable({ words }: Visit, release: Release, items: readonly Finding[]) {
  const { say } = words;
  if (items.length === 0) {
    const isOpen = release.examination?.declaration === undefined;
    return empty(words, isOpen ? 'product.no-declaration' : 'release.no-findings');
  }
  const heads = [say('head.rank'), say('head.what'), say('head.recipient'), say('head.where')];
  const rows = items.map((finding) => [
    tag(words, 'rank', finding.rank),
    html`${tag(words, 'kind', finding.kind)} ${shown(finding.because ?? '')}`,
    finding.recipient === undefined ? '–' : shownWithin(finding.recipient, 80),
    place(release, finding.locator),
  ]);
  return table(say('release.findings'), heads, rows as never);
}

function flowTable({ words }: Visit, release: Release, items: readonly Flow[]) {
  const { say } = words;
  if (items.length === 0) return empty(words, 'release.no-flows');
  const heads = [
    say('head.source'),
    say('head.destination'),
    say('head.recipient'),
    say('head.gate'),
    say('head.hops'),
  ];
  const rows = items.map((flow) => [
    words.word('feature', flow.source),
    words.word('feature', flow.destination),
    flow.recipient === undefined ? '–' : shownWithin(flow.recipient, 80),
    flow.gate === undefined ? '–' : shownWithin(flow.gate, 80),
    html`<details><summary>${words.number(flow.hops.length)}</summary><ol>${flow.hops.map((hop) => html`<li>${place(release, hop.locator)}<br><code>${shownWithin(hop.evidence, EVIDENCE)}</code></li>`)}</ol></details>`,
  ]);
  return html`${flowPicture(words, items)}${table(say('release.flows'), heads, rows as never)}`;
}

function featureTables({ words }: Visit, release: Release, items: readonly Feature[]) {
  const { say } = words;
  if (items.length === 0) return empty(words, 'release.no-features');
  const heads = [say('head.what'), say('head.recipient'), say('head.when'), say('head.where')];
  return GROUPS.map((group) => {
    const of = items.filter(({ feature }) => groupOf(feature) === group);
    if (of.length === 0) return '';
    const rows = of.map((one) => [
      words.word('feature', one.feature),
      one.recipient === undefined ? '–' : shownWithin(one.recipient, 80),
      words.word('when', one.when),
      html`${place(release, one.locator)}<br><code class="small">${shownWithin(one.evidence, EVIDENCE)}</code>`,
    ]);
    return table(say(`group.${group}`), heads, rows as never);
  });
}

function groupOf(feature: string): (typeof GROUPS)[number] {
  const word = (
    VOCABULARY as Readonly<Record<string, { readonly group: (typeof GROUPS)[number] }>>
  )[feature];
  return word?.group ?? 'qualifier';
}
