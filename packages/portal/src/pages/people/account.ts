import {
  type AnswerOf,
  passkeys,
  people,
  roles,
  secondFactor,
  sessions,
  tokens,
} from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { shown } from '../../page/shown.ts';
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
import { facts, table } from '../../parts/lists.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';

type Account = AnswerOf<typeof people.read>;

const SCOPES = ['read', 'claim', 'declare', 'docket', 'publish', 'administer'] as const;

/** What the page shows once: a new token, recovery codes, a secret to be confirmed. */
interface Once {
  readonly token?: string;
  readonly recoveryCodes?: readonly string[];
  readonly secret?: { readonly secret: string; readonly uri: string };
}

/** One's account: how one signs in, where one is signed in, what is kept, and leaving. */
export async function accountPage(asked: Asked): Promise<Page> {
  return accountView(asked, NOTHING_TYPED, {});
}

async function accountView({ visit, client }: Asked, typed: Typed, once: Once): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const [account, where, keys, made] = await Promise.all([
    client.ask(people.read),
    client.ask(sessions.list),
    client.ask(passkeys.list),
    client.ask(tokens.list),
  ]);
  return {
    title: account.name,
    islands: ['passkey'],
    status: typed.problem === undefined ? 200 : 400,
    body: html`<h1>${shown(account.name)}</h1>
${faultNotice(words, typed)}
${needsProof(typed) ? proofForm(words, account) : ''}
${onceShown(words, once)}
${about(words, account)}
${buttonForm('/sign-out', say('account.sign-out'))}
<h2>${say('account.passkeys')}</h2>
<ul>${keys.items.map((one) => html`<li>${shown(one.name)} <span class="quiet small">${words.day(new Date(one.at))}</span> ${buttonForm('/account/passkeys/remove', say('account.remove'), { id: one.id })}</li>`)}</ul>
<p><button id="passkey-add" data-name="${say('account.passkey-name')}" hidden>${say('account.passkey-add')}</button></p>
<p id="passkey-says" role="status"></p>
<noscript><p class="quiet">${say('account.passkey-script')}</p></noscript>
<h2>${say('account.second-factor')}</h2>
${secondFactorPart(words, account)}
<h2>${say('account.password')}</h2>
<form method="post" action="/account/password" class="narrow">
${field(words, typed, 'password', 'account.new-password', { type: 'password', isRequired: true, least: 10, most: 256, complete: 'new-password', says: 'register.password-says' })}
<button>${say('account.change')}</button></form>
<h2>${say('account.sessions')}</h2>
${table(
  say('account.sessions'),
  [say('account.where'), say('account.seen'), say('account.end')],
  where.items.map((one) => [
    shown(one.agent),
    words.time(new Date(one.seen)),
    one.isThis
      ? say('account.this-session')
      : buttonForm('/account/sessions/end', say('account.end'), { id: one.id }),
  ]),
)}
<h2>${say('told.title')}</h2>
<p><a href="/account/webhooks">${say('webhook.open')}</a></p>
<h2>${say('account.tokens')}</h2>
<ul>${made.items.map((one) => html`<li>${shown(one.name)}: <code>${one.scopes.join(' ')}</code> <span class="quiet small">${say('account.until', { date: words.day(new Date(one.expires)) })}</span> ${buttonForm('/account/tokens/remove', say('account.remove'), { id: one.id })}</li>`)}</ul>
<form method="post" action="/account/tokens">
${field(words, typed, 'name', 'account.token-name', { isRequired: true, most: 64 })}
<fieldset><legend>${say('account.token-scopes')}</legend>${SCOPES.map((scope) => html`<label><input type="checkbox" name="scope-${scope}"> <code>${scope}</code></label> `)}</fieldset>
<button>${say('account.token-make')}</button></form>
<h2>${say('account.invitation')}</h2>
<form method="post" action="/account/invitation" class="narrow">
${field(words, typed, 'code', 'account.invitation-code', { isRequired: true, most: 100 })}
<button>${say('account.invitation-accept')}</button></form>
<h2>${say('account.data')}</h2>
<p><a href="/api/v1/account/data">${say('account.data-export')}</a></p>
<details><summary>${say('account.leave')}</summary><p>${say('account.leave-says')}</p>${buttonForm('/account/leave', say('account.leave-button'))}</details>`,
  } as Page;
}

function about(words: Words, account: Account) {
  const { say } = words;
  const grants = account.grants.map(({ role, maker }) => {
    const name = words.word('role', role);
    return maker === undefined ? name : `${name} (${maker})`;
  });
  return facts([
    [say('register.email'), account.email === undefined ? undefined : shown(account.email)],
    [say('account.roles'), grants.join(', ') || undefined],
    [say('product.since'), words.day(new Date(account.at))],
  ]);
}

function secondFactorPart(words: Words, account: Account) {
  const { say } = words;
  const state = account.hasSecondFactor ? say('account.second-on') : say('account.second-off');
  return html`<p>${state}</p>${buttonForm('/account/second-factor', say('account.second-begin'))}${
    account.hasSecondFactor
      ? buttonForm('/account/second-factor/remove', say('account.second-remove'))
      : ''
  }`;
}

function onceShown(words: Words, { token, recoveryCodes, secret }: Once) {
  const { say } = words;
  if (token !== undefined) {
    return html`<div class="notice good" role="status"><p>${say('account.token-once')}</p><p><code>${token}</code></p></div>`;
  }
  if (recoveryCodes !== undefined) {
    return html`<div class="notice good" role="status"><p>${say('account.codes-once')}</p><ul>${recoveryCodes.map((code) => html`<li><code>${code}</code></li>`)}</ul></div>`;
  }
  if (secret === undefined) return '';
  return html`<div class="notice" role="status"><p>${say('account.second-how')}</p><p><code>${secret.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code></p><p><a href="${secret.uri}">${say('account.second-open')}</a></p>
<form method="post" action="/account/second-factor/confirm"><input type="hidden" name="secret" value="${secret.secret}">
${field(words, NOTHING_TYPED, 'code', 'sign-in.code', { isRequired: true, most: 10, complete: 'one-time-code' })}
<button class="main">${say('account.second-confirm')}</button></form></div>`;
}

/** What was tried needs that one shows again who one is. */
function needsProof({ problem }: Typed): boolean {
  return problem?.code === 'access.fresh' || problem?.code === 'access.second-factor';
}

function proofForm(words: Words, account: Account) {
  return html`<form method="post" action="/account/proof" class="narrow notice warn">
${account.hasPassword ? field(words, NOTHING_TYPED, 'password', 'sign-in.password', { type: 'password', complete: 'current-password' }) : ''}
${account.hasSecondFactor ? field(words, NOTHING_TYPED, 'code', 'sign-in.code', { most: 40, complete: 'one-time-code' }) : ''}
<button class="main">${words.say('account.prove')}</button></form>`;
}

type Act = (asked: Asked, fields: Readonly<Record<string, string>>) => Promise<Response | Once>;

/** A form of the account's page: what it does, then the page again. */
function acting(act: Act): (asked: Asked) => Promise<Page | Response> {
  return async (asked) => {
    const fields = await fieldsOf(asked.request);
    let once: Once = {};
    const done = await tried(fields, async () => {
      const result = await act(asked, fields);
      if (result instanceof Response) return result;
      once = result;
      return new Response();
    });
    if (!(done instanceof Response)) return accountView(asked, done, {});
    return Object.keys(once).length > 0 ? accountView(asked, NOTHING_TYPED, once) : done;
  };
}

const BACK = '/account';

/** The forms of the account's page, by their addresses. */
export const ACCOUNT_FORMS: Readonly<Record<string, (asked: Asked) => Promise<Page | Response>>> = {
  '/account/password': acting(async ({ client }, { password = '' }) => {
    await client.ask(people.change, { body: { password } });
    return goOn(BACK);
  }),
  '/account/proof': acting(async ({ client }, { password, code }) => {
    const body = {
      ...(password === undefined || password === '' ? {} : { password }),
      ...(code === undefined || code === '' ? {} : { code }),
    };
    return goOn(BACK, await client.send(sessions.prove, { body }));
  }),
  '/account/sessions/end': acting(async ({ client }, { id = '' }) => {
    await client.ask(sessions.endOne, { params: { session: id } });
    return goOn(BACK);
  }),
  '/account/passkeys/remove': acting(async ({ client }, { id = '' }) => {
    await client.ask(passkeys.remove, { params: { passkey: id } });
    return goOn(BACK);
  }),
  '/account/second-factor': acting(async ({ client }) => ({
    secret: await client.ask(secondFactor.begin),
  })),
  '/account/second-factor/confirm': acting(async ({ client }, { secret = '', code = '' }) => {
    const { recoveryCodes } = await client.ask(secondFactor.confirm, { body: { secret, code } });
    return { recoveryCodes };
  }),
  '/account/second-factor/remove': acting(async ({ client }) => {
    await client.ask(secondFactor.remove);
    return goOn(BACK);
  }),
  '/account/tokens': acting(async ({ client }, fields) => {
    const scopes = SCOPES.filter((scope) => fields[`scope-${scope}`] !== undefined);
    const { token } = await client.ask(tokens.make, { body: { name: fields.name ?? '', scopes } });
    return { token };
  }),
  '/account/tokens/remove': acting(async ({ client }, { id = '' }) => {
    await client.ask(tokens.remove, { params: { token: id } });
    return goOn(BACK);
  }),
  '/account/invitation': acting(async ({ client }, { code = '' }) => {
    await client.ask(roles.accept, { body: { code: code.trim() } });
    return goOn(BACK);
  }),
  '/account/leave': acting(async ({ client }) => goOn('/', await client.send(people.remove))),
};
