import { type AnswerOf, claims, drafts, receipts } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { clock } from '../../parts/clock.ts';
import {
  buttonForm,
  faultNotice,
  field,
  fieldsOf,
  NOTHING_TYPED,
  type Typed,
  tried,
} from '../../parts/forms.ts';
import { empty, facts, pages, table } from '../../parts/lists.ts';
import { tag } from '../../parts/tags.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';
import { draftList } from './claim-draft.ts';

type Claim = AnswerOf<typeof claims.read>;
type Message = AnswerOf<typeof claims.messages>['items'][number];

/** Claims that the visitor may see. */
export async function claimsPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const state = url.searchParams.get('state') ?? undefined;
  const after = url.searchParams.get('after') ?? undefined;
  const query = {
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { after }),
  };
  const [{ items, next }, own] = await Promise.all([
    client.ask(claims.list, { query }),
    visit.account === undefined ? undefined : client.ask(drafts.list),
  ]);
  const rows = items.map((one) => [
    html`<a href="/claims/${one.id}">${one.id}</a>` as Html,
    tag(words, 'claim-state', one.state) as Html,
    one.said === undefined ? '–' : shownWithin(one.said, 120),
    one.locator === undefined
      ? '–'
      : (html`<span class="mono small">${shownWithin(one.locator, 160)}</span>` as Html),
    words.time(new Date(one.updated)),
  ]);
  return {
    title: say('nav.claims'),
    body: html`<h1>${say('nav.claims')}</h1>
<p><a class="button main" href="/claims/new">${say('front.claim')}</a> <a class="button" href="/claims/track">${say('front.track')}</a> <a class="button" href="/cases">${say('front.cases')}</a></p>
${draftList(words, own?.items ?? [])}
${rows.length === 0 ? empty(words, 'claims.empty') : table(say('nav.claims'), [say('head.id'), say('head.state'), say('head.what'), say('head.where'), say('head.date')], rows)}
${pages(words, visit.at, next)}`,
  } as Page;
}

/** One claim, for whoever may see it. */
export async function claimPage({ visit, client, params }: Asked): Promise<Page> {
  const claim = await client.ask(claims.read, { params: { claim: params.claim! } });
  const written = await client
    .ask(claims.messages, { params: { claim: claim.id } })
    .catch(() => undefined);
  const own =
    claim.state === 'returned' ? await ownText(client, { params: { claim: claim.id } }) : {};
  return claimView(visit, claim, written?.items, NOTHING_TYPED, own);
}

/** What its owner typed; whoever else looks does not get it. */
async function ownText(
  client: Asked['client'],
  id: { readonly params: { readonly claim: string } },
): Promise<Own> {
  const found = await client.ask(claims.text, id).catch(() => undefined);
  return found === undefined ? {} : { before: found.text };
}

/** What the owner of a claim does on its page. */
export async function claimAct({
  visit,
  client,
  params,
  request,
}: Asked): Promise<Page | Response> {
  const fields = await fieldsOf(request);
  const id = { params: { claim: params.claim! } };
  const { text = '' } = fields;
  const done = await tried(fields, async () => {
    if (fields.act === 'write') await client.ask(claims.write, { ...id, body: { text } });
    else if (fields.act === 'complete')
      await client.ask(claims.complete, { ...id, body: { text } });
    else if (fields.act === 'accept') await client.ask(claims.accept, id);
    else if (fields.act === 'withdraw') await client.ask(claims.withdraw, id);
    return new Response(null, { status: 303, headers: { location: `/claims/${params.claim}` } });
  });
  if (done instanceof Response) return done;
  const claim = await client.ask(claims.read, id);
  return claimView(visit, claim, undefined, done, await ownText(client, id));
}

/** The form for a receipt code. */
export async function trackPage({ visit }: Asked): Promise<Page> {
  return trackForm(visit, NOTHING_TYPED);
}

/** The claim of a receipt code, and what its owner does with it. The code goes in the body of each request, never in an address. */
export async function track({ visit, client, request }: Asked): Promise<Page | Response> {
  const fields = await fieldsOf(request);
  const { code = '', text = '' } = fields;
  const acted = await tried(fields, async () => {
    if (fields.act === 'write') await client.ask(receipts.write, { body: { code, text } });
    else if (fields.act === 'complete')
      await client.ask(receipts.complete, { body: { code, text } });
    else if (fields.act === 'withdraw') await client.ask(receipts.withdraw, { body: { code } });
    return new Response();
  });
  const typed = acted instanceof Response ? NOTHING_TYPED : acted;
  const found = await tried(fields, async () =>
    Response.json(await client.ask(receipts.read, { body: { code } })),
  );
  if (!(found instanceof Response)) return trackForm(visit, found);
  const { claim, messages, text: before } = (await found.json()) as AnswerOf<typeof receipts.read>;
  return claimView(visit, claim, messages, typed, { code, before });
}

function trackForm({ words }: Visit, typed: Typed): Page {
  const { say } = words;
  return {
    title: say('front.track'),
    status: typed.problem === undefined ? 200 : 404,
    crumbs: [{ path: '/claims', text: say('nav.claims') }],
    body: html`<h1>${say('front.track')}</h1>
${faultNotice(words, typed)}
<form method="post" action="/claims/track" class="narrow">
${field(words, typed, 'code', 'receipt.code', { isRequired: true, most: 64, complete: 'off', says: 'receipt.code-says' })}
<button class="main">${say('receipt.look')}</button></form>`,
  } as Page;
}

/** What whoever has the claim comes with: a receipt code, and what they typed before. */
interface Own {
  readonly code?: string;
  readonly before?: string;
}

function claimView(
  visit: Visit,
  claim: Claim,
  messages: readonly Message[] | undefined,
  typed: Typed,
  own: Own,
): Page {
  const { words } = visit;
  const { say } = words;
  const { code, before } = own;
  const action = code === undefined ? `/claims/${claim.id}` : '/claims/track';
  const hidden: Readonly<Record<string, string>> = code === undefined ? {} : { code };
  const isOwn = code !== undefined || claim.claimant !== undefined;
  return {
    title: claim.id,
    status: typed.problem === undefined ? 200 : 400,
    crumbs: [{ path: '/claims', text: say('nav.claims') }],
    body: html`<h1>${claim.id}</h1>
${faultNotice(words, typed)}
${clock(words, 'claim', claim)}
${claim.lacks === undefined || claim.lacks.length === 0 ? '' : lacking(words, claim.lacks)}
${about(words, claim)}
${isOwn && claim.state === 'returned' ? longForm(words, { ...typed, values: { text: typed.values.text ?? before ?? '' } }, action, { ...hidden, act: 'complete' }, 'claim.complete', 'claim.complete-says') : ''}
${messages === undefined ? '' : html`<h2>${say('claim.messages')}</h2>${messages.length === 0 ? '' : html`<ol class="line">${messages.map((one) => html`<li><strong>${words.word('side', one.by)}</strong> <span class="quiet small">${words.time(new Date(one.at))}</span><p class="said">${shown(one.text)}</p></li>`)}</ol>`}${longForm(words, typed, action, { ...hidden, act: 'write' }, 'claim.write', 'claim.write-says')}`}
${visit.account?.isStaff === true && claim.state === 'valid' ? buttonForm(action, say('claim.accept'), { act: 'accept' }) : ''}
${isOwn && !['withdrawn', 'closed'].includes(claim.state) ? html`<details><summary>${say('claim.withdraw')}</summary><p>${say('claim.withdraw-says')}</p>${buttonForm(action, say('claim.withdraw'), { ...hidden, act: 'withdraw' })}</details>` : ''}`,
  } as Page;
}

function lacking(words: Words, lacks: Claim['lacks'] & {}) {
  return html`<section class="notice warn"><h2>${words.say('claim.lacks')}</h2><ul>${lacks.map(
    (one) =>
      html`<li>${words.word('reason', one.reason)}: ${shown(one.says)}${one.candidates.length === 0 ? '' : html`<br>${words.say('claim.nearest')}<ul>${one.candidates.map((candidate) => html`<li><code>${shownWithin(candidate, 300)}</code></li>`)}</ul>`}</li>`,
  )}</ul></section>`;
}

function about(words: Words, claim: Claim) {
  const { say } = words;
  const code = (text: string | undefined) =>
    text === undefined ? undefined : (html`<code>${shown(text)}</code>` as Html);
  const link = (path: string, text: string | undefined) =>
    text === undefined ? undefined : (html`<a href="${path}${text}">${text}</a>` as Html);
  return facts([
    [
      say('head.where'),
      claim.locator === undefined
        ? undefined
        : (html`<a class="mono" href="/places?at=${encodeURIComponent(claim.locator)}">${shown(claim.locator)}</a>` as Html),
    ],
    [say('head.what'), claim.said === undefined ? undefined : shown(claim.said)],
    [
      say('claim.outcome'),
      claim.outcome === undefined ? undefined : words.word('outcome', claim.outcome),
    ],
    [say('claim.receipt'), code(claim.receipt)],
    [say('claim.case'), link('/cases/', claim.case)],
    [say('claim.attached'), link('/claims/', claim.attachedTo)],
    [say('claim.received'), claim.receivedAt && words.time(new Date(claim.receivedAt))],
  ]);
}

function longForm(
  words: Words,
  typed: Typed,
  action: string,
  hidden: Readonly<Record<string, string>>,
  label: 'claim.complete' | 'claim.write',
  says: 'claim.complete-says' | 'claim.write-says',
) {
  return html`<form method="post" action="${action}">${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${field(words, typed, 'text', label, { isLong: true, isRequired: true, most: 20_000, says })}
<button>${words.say('form.send')}</button></form>`;
}
