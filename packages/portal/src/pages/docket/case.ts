import { type AnswerOf, advisories, cases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { advisoryLinks, caseOfAdvisory } from '../../parts/advisory.ts';
import { clock } from '../../parts/clock.ts';
import {
  buttonForm,
  faultNotice,
  field,
  fieldsOf,
  goOn,
  NOTHING_TYPED,
  type Typed,
  tried,
} from '../../parts/forms.ts';
import { empty, facts, pages, table } from '../../parts/lists.ts';
import { loggedPart } from '../../parts/logged.ts';
import { tag } from '../../parts/tags.ts';
import { PROOF_ISLAND } from '../../parts/verify-entry.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';

type Case = AnswerOf<typeof cases.read>;

const OUTCOMES = [
  'undeclared',
  'contradicts',
  'declared',
  'absent',
  'unreachable',
  'unknown',
] as const;
const STANCES = ['confirms', 'disputes', 'declares', 'agrees', 'contests'] as const;

/** Cases that the visitor may see. */
export async function casesPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const after = url.searchParams.get('after') ?? undefined;
  const { items, next } = await client.ask(
    cases.list,
    after === undefined ? {} : { query: { after } },
  );
  return {
    title: say('front.cases'),
    crumbs: [{ path: '/claims', text: say('nav.claims') }],
    body: html`<h1>${say('front.cases')}</h1>
${items.length === 0 ? empty(words, 'cases.empty') : caseTable(words, items)}
${pages(words, visit.at, next)}`,
  } as Page;
}

export function caseTable(words: Words, items: readonly Case[]): Html {
  const { say } = words;
  const rows = items.map((one) => [
    html`<a href="/cases/${one.id}">${one.id}</a>` as Html,
    tag(words, 'case-state', one.state) as Html,
    one.verdict === undefined ? '–' : (tag(words, 'outcome', one.verdict.outcome) as Html),
    html`${shownWithin(one.said, 120)}<br><span class="mono small">${shownWithin(one.locator, 160)}</span>` as Html,
    words.time(new Date(one.updated)),
  ]);
  const heads = [
    say('head.id'),
    say('head.state'),
    say('case.verdict'),
    say('head.what'),
    say('head.date'),
  ];
  return table(say('front.cases'), heads, rows) as Html;
}

/** One case: both sides, the runs that anyone can repeat, the verdict. */
export async function casePage({ visit, client, params }: Asked): Promise<Page> {
  const one = await client.ask(cases.read, { params: { case: params.case! } });
  const logged =
    one.verdict?.decidedAt === undefined ? undefined : await verdictLogged(visit, client, one);
  return caseView(visit, one, NOTHING_TYPED, { published: await publishedOf(client, one), logged });
}

/** The log's entries of a verdict: they have the digest of a run's receipt. */
function verdictLogged({ words }: Visit, client: Asked['client'], { runs }: Case): Promise<Html> {
  return loggedPart(
    words,
    client,
    runs.map(({ receipt }) => receipt),
    'verdict',
  );
}

/** A step in a case. The API says who may make it. */
export async function caseAct({ visit, client, params, request }: Asked): Promise<Page | Response> {
  const fields = await fieldsOf(request);
  const id = { params: { case: params.case! } };
  const done = await tried(fields, async () => {
    await act(client, id, fields);
    return goOn(`/cases/${params.case}`);
  });
  if (done instanceof Response) return done;
  return caseView(visit, await client.ask(cases.read, id), done);
}

async function act(
  client: Asked['client'],
  id: { readonly params: { readonly case: string } },
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const { text = '', summary = '', stance, locator } = fields;
  switch (fields.act) {
    case 'state': {
      const said = STANCES.find((one) => one === stance);
      const body = {
        text,
        ...(said === undefined ? {} : { stance: said }),
        ...(locator === undefined || locator === '' ? {} : { locator }),
      };
      await client.ask(cases.state, { ...id, body });
      return;
    }
    case 'propose': {
      const outcome = OUTCOMES.find((one) => one === fields.outcome) ?? 'unknown';
      await client.send(cases.propose, { ...id, body: { outcome, summary } as never });
      return;
    }
    case 'run':
      await client.send(cases.run, id);
      return;
    case 'take':
    case 'notify':
    case 'approve':
    case 'publish':
      await client.send(cases[fields.act], id);
      return;
    default:
  }
}

type Advisory = AnswerOf<typeof advisories.list>['items'][number];

/** What was published of a case, in every form. */
async function publishedOf(client: Asked['client'], one: Case): Promise<Advisory | undefined> {
  if (one.revisions.length === 0) return undefined;
  const { items } = await client.ask(advisories.list);
  return items.find(({ id }) => caseOfAdvisory(id) === one.id);
}

/** What others than the docket say of a case. */
interface Beside {
  readonly published?: Advisory | undefined;
  readonly logged?: Html | undefined;
}

function caseView(visit: Visit, one: Case, typed: Typed, { published, logged }: Beside = {}): Page {
  const { words } = visit;
  const { say } = words;
  return {
    title: one.id,
    islands: [PROOF_ISLAND],
    status: typed.problem === undefined ? 200 : 400,
    crumbs: [
      { path: '/claims', text: say('nav.claims') },
      { path: '/cases', text: say('front.cases') },
    ],
    body: html`<h1>${one.id}: ${shownWithin(one.said, 200)}</h1>
${faultNotice(words, typed)}
${one.verdict === undefined ? '' : verdictPart(words, one.verdict)}
${published === undefined ? '' : html`<section aria-labelledby="advisory"><h2 id="advisory">${say('case.advisory')}</h2>${advisoryLinks(published)}</section>`}
${logged === undefined ? '' : html`<section aria-labelledby="logged"><h2 id="logged">${say('case.logged')}</h2>${logged}</section>`}
${clock(words, 'case', one)}
${facts([
  [
    say('head.where'),
    html`<a class="mono" href="/places?at=${encodeURIComponent(one.locator)}">${shown(one.locator)}</a>` as Html,
  ],
  [say('case.opened'), words.time(new Date(one.openedAt))],
  [
    say('case.embargo'),
    one.embargo && `${words.word('embargo', one.embargo.state)} ${one.embargo.end ?? ''}`,
  ],
])}
${one.missed.length === 0 ? '' : html`<h2>${say('case.missed')}</h2><ul>${one.missed.map(({ at, says }) => html`<li>${words.time(new Date(at))}: ${says}</li>`)}</ul>`}
<h2>${say('case.statements')}</h2>
${statements(words, one)}
<h2>${say('case.runs')}</h2>
${runs(words, one)}
<h2>${say('case.evidence')}</h2>
${one.evidence.length === 0 ? empty(words, 'case.no-evidence') : html`<ul>${one.evidence.map(({ digest, name }) => html`<li><a href="/api/v1/cases/${one.id}/evidence/${digest}" download>${shown(name)}</a> <code class="small">${digest}</code></li>`)}</ul>`}
${one.revisions.length === 0 ? '' : html`<h2>${say('case.revisions')}</h2><ol>${one.revisions.map(({ at, summary }) => html`<li>${words.time(new Date(at))}: ${shown(summary)}</li>`)}</ol>`}
${visit.account === undefined ? '' : actions(visit, one, typed)}`,
  } as Page;
}

function verdictPart(words: Words, verdict: Case['verdict'] & {}) {
  const { say } = words;
  return html`<section class="notice ${verdict.decidedAt === undefined ? '' : 'good'}"><h2>${say('case.verdict')}: ${words.word('outcome', verdict.outcome)}</h2><p>${shown(verdict.summary)}</p><p class="small quiet">${say('case.proposed', { who: verdict.by || say('case.unnamed'), time: words.time(new Date(verdict.at)) })}${
    verdict.approvedBy === undefined || verdict.decidedAt === undefined
      ? ''
      : html`<br>${say('case.approved', { who: verdict.approvedBy || say('case.unnamed'), time: words.time(new Date(verdict.decidedAt)) })}`
  }</p></section>`;
}

/** The maker's words and the claimant's, side by side. */
function statements(words: Words, one: Case) {
  const of = (isVendor: boolean) =>
    one.statements.filter(({ by }) => (by.role === 'vendor') === isVendor);
  const column = (isVendor: boolean, title: 'case.maker' | 'case.others') =>
    html`<section><h3>${words.say(title)}</h3>${
      of(isVendor).length === 0
        ? html`<p class="quiet">${words.say('case.silent')}</p>`
        : html`<ol class="line">${of(isVendor).map((said) => html`<li><strong>${shown(said.by.name ?? words.word('role', said.by.role))}</strong>${said.stance === undefined ? '' : html` ${tag(words, 'stance', said.stance)}`} <span class="quiet small">${words.time(new Date(said.at))}</span><p class="said">${shown(said.text)}</p></li>`)}</ol>`
    }</section>`;
  return html`<div class="columns even">${column(true, 'case.maker')}${column(false, 'case.others')}</div>`;
}

function runs(words: Words, one: Case) {
  const { say } = words;
  if (one.runs.length === 0) return empty(words, 'case.no-runs');
  const rows = one.runs.map((run) => [
    run.runner === '' ? say('case.unnamed') : shown(run.runner),
    words.time(new Date(run.at)),
    words.word('recheck', run.outcome),
    html`<code class="small">${run.result}</code>` as Html,
  ]);
  const heads = [say('case.runner'), say('head.date'), say('claim.outcome'), say('case.result')];
  const receipt = one.runs[0]!.receipt;
  const name = `${receipt.replace(':', '-')}.json`;
  return html`${table(say('case.runs'), heads, rows)}<p>${say('case.yourself')}</p>
<p><a class="button" download="${name}" href="/api/v1/cases/${one.id}/receipts/${receipt}">${say('case.receipt')}</a></p><pre><code>${`avow claim verify ${name}`}</code></pre>`;
}

function actions({ words, account }: Visit, one: Case, typed: Typed) {
  const { say } = words;
  const action = `/cases/${one.id}`;
  const can = new Set(one.can);
  const plain = (['take', 'notify', 'run', 'approve', 'publish'] as const).filter((move) =>
    can.has(move),
  );
  const isStaff = account?.isStaff === true;
  return html`<h2>${say('case.act')}</h2>
<form method="post" action="${action}"><input type="hidden" name="act" value="state">
${field(words, typed, 'text', 'case.say', { isLong: true, isRequired: true, most: 50_000 })}
<div class="field"><label for="stance">${say('case.stance')}</label><select id="stance" name="stance"><option value="">–</option>${STANCES.map((stance) => html`<option value="${stance}">${words.word('stance', stance)}</option>`)}</select></div>
${field(words, typed, 'locator', 'case.locator', { most: 2000 })}
<button>${say('form.send')}</button></form>
${isStaff ? plain.map((move) => buttonForm(action, words.word('move', move), { act: move })) : ''}
${
  isStaff && can.has('propose')
    ? html`<form method="post" action="${action}"><input type="hidden" name="act" value="propose">
<div class="field"><label for="outcome">${say('case.outcome')}</label><select id="outcome" name="outcome">${OUTCOMES.map((outcome) => html`<option value="${outcome}">${words.word('outcome', outcome)}</option>`)}</select></div>
${field(words, typed, 'summary', 'case.summary', { isLong: true, isRequired: true, most: 5000 })}
<button>${words.word('move', 'propose')}</button></form>`
    : ''
}`;
}
