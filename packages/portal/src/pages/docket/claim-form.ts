import { createHash } from 'node:crypto';
import { claims } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shown } from '../../page/shown.ts';
import { faultNotice, field, fieldsOf, goOn, type Typed, tried } from '../../parts/forms.ts';
import { facts } from '../../parts/lists.ts';
import type { Asked } from '../route.ts';
import { checkOf, checkPart } from './claim-check.ts';
import { draftRead, dropDraft, keepDraft, PARTS, type Part } from './claim-draft.ts';

/** Nonces that are tried before others are let in: a visitor without script has the work done here. */
const NONCES_AT_ONCE = 20_000;

/** A claim in four steps: what, where, what was seen, check. What was typed stays typed until it is handed in. */
export async function claimFormPage({ visit, client, url }: Asked): Promise<Page> {
  const draft = url.searchParams.get('draft');
  if (draft !== null) return claimForm(visit, { values: await draftRead(client, draft) }, false);
  const values = Object.fromEntries(PARTS.map((part) => [part, url.searchParams.get(part) ?? '']));
  return claimForm(visit, { values }, false);
}

/** Checks what was typed, or hands it in. */
export async function claimFormSubmit(asked: Asked): Promise<Page | Response> {
  const { visit, client, request } = asked;
  const fields = await fieldsOf(request);
  if (fields.step === 'keep' || fields.step === 'drop') return draftStep(asked, fields);
  if (fields.step !== 'send') {
    const check = await checkOf(client, textOf(fields));
    const found = check && (await checkPart(visit.words, client, check, fields));
    return claimForm(visit, { values: fields }, true, found);
  }
  let code: string | undefined;
  let id = '';
  const done = await tried(fields, async () => {
    const work = visit.account === undefined ? await workDone(asked) : undefined;
    const name = fields.name?.trim();
    const body = {
      text: textOf(fields),
      ...(name === undefined || name === '' ? {} : { name }),
      ...(work === undefined ? {} : { work }),
    };
    const made = await client.ask(claims.make, { body });
    code = made.code;
    id = made.claim.id;
    await dropDraft(client, fields.draft);
    return goOn(`/claims/${id}`);
  });
  if (!(done instanceof Response)) return claimForm(visit, done, true);
  return code === undefined ? done : receiptPage(visit, id, code);
}

/** Keeps what was typed for whoever is signed in, or throws it away. */
async function draftStep(
  { visit, client }: Asked,
  fields: Readonly<Record<string, string>>,
): Promise<Page | Response> {
  const done = await tried(fields, async () => {
    if (fields.step === 'keep') return goOn(`/claims/new?draft=${await keepDraft(client, fields)}`);
    await dropDraft(client, fields.draft);
    return goOn('/claims');
  });
  return done instanceof Response ? done : claimForm(visit, done, false);
}

/** Characters of a place that may be a line alone, the longest path in front of it. */
const MAX_PLACE = 1_024;

/** The claim as one text: what is in no field is missing, and the answer says so. */
export function textOf(fields: Readonly<Record<string, string>>): string {
  const part = (name: Part) => (fields[name] ?? '').trim();
  const product = purlOf(part('product'));
  const place = part('place');
  const line = /^(?:[^:\s]*[^\d:\s][^:\s]*:|line\s*)?(\d{1,9})(?::(\d{1,9}))?$/i.exec(
    place.slice(0, MAX_PLACE),
  );
  const lines: string[] = [];
  if (product.startsWith('pkg:') && part('module') !== '' && line !== null) {
    const path = part('module').split('/').map(encodeURIComponent).join('/');
    lines.push(`${product}#${path} @line:${line[1]}${line[2] === undefined ? '' : `:${line[2]}`}`);
  } else {
    if (product !== '') lines.push(`product: ${product}`);
    if (part('module') !== '') lines.push(`module: ${part('module')}`);
    if (place !== '') lines.push(place);
  }
  if (part('feature') !== '') lines.push(`feature: ${part('feature')}`);
  if (part('seen') !== '') lines.push('', part('seen'));
  return lines.length === 0 ? ' ' : lines.join('\n');
}

/** `npm:@scope/name@1.2.3` as a package URL; what is none of these stays as it was typed. */
function purlOf(product: string): string {
  const match = /^npm:((?:@[^/@\s]+\/)?[^/@\s]+)@([^@\s]+)$/.exec(product);
  return match === null ? product : `pkg:npm/${match[1]!.replace('@', '%40')}@${match[2]}`;
}

/** Proof of work for a visitor without script: their share of our time is what the rate of claims allows. */
async function workDone({ client }: Asked): Promise<{ challenge: string; nonce: string }> {
  const { challenge, bits } = await client.ask(claims.work);
  for (let nonce = 0; ; nonce++) {
    if (zeroBits(createHash('sha256').update(`${challenge}${nonce}`).digest()) >= bits) {
      return { challenge, nonce: String(nonce) };
    }
    if (nonce % NONCES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function zeroBits(digest: Uint8Array): number {
  const first = digest.findIndex((byte) => byte !== 0);
  return first === -1 ? digest.length * 8 : first * 8 + Math.clz32(digest[first]!) - 24;
}

function claimForm(visit: Visit, typed: Typed, isChecked: boolean, found?: Html): Page {
  const { words } = visit;
  const { say } = words;
  const missing = isChecked ? missingParts(typed.values) : [];
  const isReady = isChecked && missing.length === 0;
  return {
    title: say('front.claim'),
    islands: ['draft'],
    status: typed.problem === undefined ? 200 : 400,
    crumbs: [{ path: '/claims', text: say('nav.claims') }],
    body: html`<h1>${say('front.claim')}</h1>
<p>${say('claim.says')}</p>
${faultNotice(words, typed)}
${missing.length === 0 ? '' : html`<div class="notice warn" role="alert"><p>${say('claim.missing')}</p><ul>${missing.map((part) => html`<li><a href="#${part}">${say(`claim.${part}`)}</a></li>`)}</ul></div>`}
${isReady ? (found ?? checked(visit, typed)) : ''}
<p id="draft" class="quiet small" hidden>${say('claim.draft')} <button type="button" class="plain" id="draft-forget">${say('claim.draft-forget')}</button></p>
<form method="post" action="/claims/new" ${visit.account === undefined ? html`data-draft="claim"` : ''}>
${kept(typed)}
<fieldset><legend>${say('claim.step-what')}</legend>
${field(words, typed, 'product', 'claim.product', { most: 2000, says: 'claim.product-says' })}</fieldset>
<fieldset><legend>${say('claim.step-where')}</legend>
${field(words, typed, 'module', 'claim.module', { most: 2000, says: 'claim.module-says' })}
${field(words, typed, 'place', 'claim.place', { most: 10_000, isLong: true, says: 'claim.place-says' })}</fieldset>
<fieldset><legend>${say('claim.step-seen')}</legend>
${field(words, typed, 'feature', 'claim.feature', { most: 500, says: 'claim.feature-says' })}
${field(words, typed, 'seen', 'claim.seen', { most: 50_000, isLong: true, says: 'claim.seen-says' })}
${visit.account === undefined ? field(words, typed, 'name', 'claim.name', { most: 100, says: 'claim.name-says' }) : ''}</fieldset>
<fieldset><legend>${say('claim.step-check')}</legend>
<p>${say('claim.check-says')}</p>
<button name="step" value="check">${say('claim.check')}</button>
<button class="main" name="step" value="send">${say('claim.send')}</button>
${visit.account === undefined ? '' : html`<button name="step" value="keep">${say('draft.keep')}</button>`}</fieldset>
</form>`,
  } as Page;
}

/** Which draft the form goes on with. */
function kept({ values: { draft = '', changed = '' } }: Typed) {
  if (draft === '') return '';
  return html`<input type="hidden" name="draft" value="${draft}"><input type="hidden" name="changed" value="${changed}">`;
}

/** A claim that names no product or no place is turned back: said before it is handed in. */
function missingParts(
  values: Readonly<Record<string, string>>,
): readonly ('product' | 'place' | 'feature')[] {
  const has = (part: Part) => (values[part] ?? '').trim() !== '';
  const isWhole = /(?:pkg:|sha256:)\S+[\s\S]*@\w+:/.test(values.place ?? '');
  return (['product', 'place', 'feature'] as const).filter(
    (part) => !has(part) && !(part === 'product' && isWhole),
  );
}

function checked({ words }: Visit, { values }: Typed) {
  const pairs = PARTS.filter((part) => (values[part] ?? '').trim() !== '').map(
    (part) => [words.say(`claim.${part}`), shown(values[part]!)] as const,
  );
  return html`<section class="notice good" aria-labelledby="checked"><h2 id="checked">${words.say('claim.checked')}</h2>${facts(pairs)}<p>${words.say('claim.checked-says')}</p></section>`;
}

/** The one time that a receipt code is shown. */
function receiptPage({ words }: Visit, id: string, code: string): Page {
  const { say } = words;
  return {
    title: say('receipt.title'),
    islands: ['draft'],
    status: 201,
    body: html`<h1 data-draft-done="claim">${say('receipt.title')}</h1>
<div class="notice warn"><p>${say('receipt.once')}</p><p class="receipt"><code>${code}</code></p></div>
<p>${say('receipt.says', { id })}</p>
<form method="post" action="/claims/track"><input type="hidden" name="code" value="${code}"><button class="main">${say('receipt.look')}</button></form>`,
  } as Page;
}
