import { people, sessions } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import {
  faultNotice,
  field,
  fieldsOf,
  goOn,
  NOTHING_TYPED,
  type Typed,
  tried,
} from '../../parts/forms.ts';
import { localPath } from '../../settings/look.ts';
import type { Asked } from '../route.ts';

/** The form to sign in. */
export async function signInPage({ visit, url }: Asked): Promise<Page> {
  return signInForm(visit, { values: { next: url.searchParams.get('next') ?? '/' } });
}

/** Signs in by password, and asks for a code when one is needed. */
export async function signIn({ visit, client, request }: Asked): Promise<Page | Response> {
  const fields = await fieldsOf(request);
  const { name = '', password = '', code = '', next = '/' } = fields;
  const done = await tried(fields, async () => {
    const body = { name, password, ...(code === '' ? {} : { code }) };
    return goOn(localPath(next), await client.send(sessions.begin, { body }));
  });
  return done instanceof Response ? done : signInForm(visit, done);
}

function signInForm(visit: Visit, typed: Typed): Page {
  const { words } = visit;
  const { say } = words;
  const needsCode = typed.problem?.code === 'access.code' || typed.values.code !== undefined;
  const next = localPath(typed.values.next ?? '/');
  return {
    title: say('sign-in.title'),
    islands: ['passkey'],
    status: typed.problem === undefined ? 200 : 401,
    body: html`<h1>${say('sign-in.title')}</h1>
${faultNotice(words, typed)}
<form method="post" action="/sign-in" class="narrow">
<input type="hidden" name="next" value="${next}">
${field(words, typed, 'name', 'sign-in.name', { isRequired: true, most: 64, complete: 'username webauthn' })}
${field(words, typed, 'password', 'sign-in.password', { type: 'password', isRequired: true, most: 256, complete: 'current-password' })}
${needsCode ? field(words, typed, 'code', 'sign-in.code', { most: 40, complete: 'one-time-code', says: 'sign-in.code-says' }) : ''}
<button class="main">${say('sign-in.button')}</button>
</form>
<p><button id="passkey-sign-in" data-next="${next}" hidden>${say('sign-in.passkey')}</button></p>
<p id="passkey-says" role="status"></p>
${(visit.providers ?? []).map(({ id, name }) => html`<p><a class="button" href="/api/v1/session/oidc/${id}?next=${encodeURIComponent(next)}">${say('sign-in.with', { name })}</a></p>`)}
<p><a href="/register?next=${encodeURIComponent(next)}">${say('register.title')}</a></p>`,
  } as Page;
}

/** The form to make an account. */
export async function registerPage({ visit, url }: Asked): Promise<Page> {
  return registerForm(visit, { values: { next: url.searchParams.get('next') ?? '/' } });
}

export async function register({ visit, client, request }: Asked): Promise<Page | Response> {
  const fields = await fieldsOf(request);
  const { name = '', password = '', email = '', next = '/' } = fields;
  const done = await tried(fields, async () => {
    const body = { name, password, ...(email === '' ? {} : { email }) };
    return goOn(localPath(next), await client.send(people.register, { body }));
  });
  return done instanceof Response ? done : registerForm(visit, done);
}

function registerForm({ words }: Visit, typed: Typed = NOTHING_TYPED): Page {
  const { say } = words;
  return {
    title: say('register.title'),
    status: typed.problem === undefined ? 200 : 400,
    body: html`<h1>${say('register.title')}</h1>
<p>${say('register.says')}</p>
${faultNotice(words, typed)}
<form method="post" action="/register" class="narrow">
<input type="hidden" name="next" value="${localPath(typed.values.next ?? '/')}">
${field(words, typed, 'name', 'sign-in.name', { isRequired: true, most: 64, complete: 'username', says: 'register.name-says' })}
${field(words, typed, 'password', 'sign-in.password', { type: 'password', isRequired: true, least: 10, most: 256, complete: 'new-password', says: 'register.password-says' })}
${field(words, typed, 'email', 'register.email', { type: 'email', most: 254, complete: 'email', says: 'register.email-says' })}
<button class="main">${say('register.button')}</button>
</form>`,
  } as Page;
}

export async function signOut({ client }: Asked): Promise<Response> {
  return goOn('/', await client.send(sessions.end));
}
