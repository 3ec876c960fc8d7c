import { z } from 'zod';
import { ACCOUNT_ROLES, SCOPES } from '../access/identity.ts';
import { time, typed, word } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const name = typed(64).min(1).describe('a name or pseudonym, as others see it');
const password = z.string().min(1).max(256);
const newPassword = z.string().min(10, 'at least 10 characters').max(256);
const code = z.string().max(40).describe('six digits of the second factor, or a recovery code');
/** What a browser's `navigator.credentials` gives, as `toJSON()` writes it. */
const credential = z.looseObject({
  id: z.string().max(2000),
  response: z.looseObject({ clientDataJSON: z.string().max(10_000) }),
});
const options = z.record(z.string(), z.unknown()).describe('for `navigator.credentials`');

const grant = z.object({ role: z.enum(ACCOUNT_ROLES), maker: word.optional() });

export const account = named(
  'Account',
  z.object({
    id,
    name: z.string(),
    email: z.string().optional(),
    grants: z.array(grant),
    hasPassword: z.boolean(),
    hasSecondFactor: z.boolean().describe('one-time codes, or a passkey'),
    /** This session has proved it. */
    isProved: z.boolean(),
    at: time,
  }),
);

export const people = {
  register: route({
    method: 'post',
    path: '/accounts',
    id: 'account.register',
    summary: 'Makes an account and signs in to it',
    access: 'account.register',
    body: z.strictObject({ name, password: newPassword, email: z.email().max(254).optional() }),
    answer: account,
    status: 201,
    rate: 'costly',
  }),
  read: route({
    method: 'get',
    path: '/account',
    id: 'account.read',
    summary: 'Your own account',
    access: 'account.own',
    answer: account,
  }),
  change: route({
    method: 'patch',
    path: '/account',
    id: 'account.change',
    summary: 'Another password or address',
    access: 'account.own',
    body: z.strictObject({
      password: newPassword.optional(),
      email: z.email().max(254).nullable().optional(),
    }),
    rate: 'costly',
  }),
  data: route({
    method: 'get',
    path: '/account/data',
    id: 'account.data',
    summary: 'All that is kept about you',
    access: 'account.own',
    answer: z.record(z.string(), z.unknown()),
  }),
  remove: route({
    method: 'delete',
    path: '/account',
    id: 'account.remove',
    summary: 'Removes your account and all that is kept about you',
    access: 'account.own',
  }),
};

const session = named(
  'Session',
  z.object({ id, agent: z.string(), at: time, seen: time, isThis: z.boolean() }),
);

export const sessions = {
  begin: route({
    method: 'post',
    path: '/session',
    id: 'session.begin',
    summary: 'Signs in by password, and code where there is a second factor',
    access: 'account.register',
    body: z.strictObject({ name: typed(64), password, code: code.optional() }),
    answer: account,
    status: 201,
    rate: 'costly',
  }),
  prove: route({
    method: 'post',
    path: '/session/proof',
    id: 'session.prove',
    summary: 'Proves once more who you are: password, code or both',
    access: 'account.own',
    body: z.strictObject({ password: password.optional(), code: code.optional() }),
    answer: account,
    rate: 'costly',
  }),
  end: route({
    method: 'delete',
    path: '/session',
    id: 'session.end',
    summary: 'Signs out',
    access: 'account.own',
  }),
  list: route({
    method: 'get',
    path: '/sessions',
    id: 'session.list',
    summary: 'Where you are signed in',
    access: 'account.own',
    answer: z.object({ items: z.array(session) }),
  }),
  endOne: route({
    method: 'delete',
    path: '/sessions/{session}',
    id: 'session.end-one',
    summary: 'Ends a session of yours',
    access: 'account.own',
    params: z.strictObject({ session: id }),
  }),
  endOthers: route({
    method: 'delete',
    path: '/sessions',
    id: 'session.end-others',
    summary: 'Ends all your sessions but this one',
    access: 'account.own',
  }),
};

const passkey = named(
  'Passkey',
  z.object({ id: z.string(), name: z.string(), at: time, used: time.optional() }),
);

export const passkeys = {
  list: route({
    method: 'get',
    path: '/passkeys',
    id: 'passkey.list',
    summary: 'Your passkeys',
    access: 'account.own',
    answer: z.object({ items: z.array(passkey) }),
  }),
  begin: route({
    method: 'post',
    path: '/passkeys/options',
    id: 'passkey.begin',
    summary: 'What a browser needs to make a passkey',
    access: 'account.own',
    answer: options,
  }),
  add: route({
    method: 'post',
    path: '/passkeys',
    id: 'passkey.add',
    summary: 'Adds a passkey that the browser made',
    access: 'account.own',
    body: z.strictObject({ name: typed(64).min(1), credential }),
    answer: passkey,
    status: 201,
  }),
  remove: route({
    method: 'delete',
    path: '/passkeys/{passkey}',
    id: 'passkey.remove',
    summary: 'Removes a passkey',
    access: 'account.own',
    params: z.strictObject({ passkey: z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/) }),
  }),
  beginSignIn: route({
    method: 'post',
    path: '/session/passkey/options',
    id: 'passkey.begin-sign-in',
    summary: 'What a browser needs to sign in by passkey',
    access: 'account.register',
    answer: options,
  }),
  signIn: route({
    method: 'post',
    path: '/session/passkey',
    id: 'passkey.sign-in',
    summary: 'Signs in by passkey',
    access: 'account.register',
    body: z.strictObject({ credential }),
    answer: account,
    status: 201,
    rate: 'costly',
  }),
};

export const secondFactor = {
  begin: route({
    method: 'post',
    path: '/second-factor',
    id: 'second-factor.begin',
    summary: 'A new secret for one-time codes, not yet in force',
    access: 'account.own',
    answer: z.object({ secret: z.string(), uri: z.string() }),
    status: 201,
  }),
  confirm: route({
    method: 'put',
    path: '/second-factor',
    id: 'second-factor.confirm',
    summary: 'Puts it in force; the recovery codes are shown this once',
    access: 'account.own',
    body: z.strictObject({ secret: z.string().regex(/^[A-Z2-7]{32}$/), code }),
    answer: z.object({ recoveryCodes: z.array(z.string()) }),
    rate: 'costly',
  }),
  remove: route({
    method: 'delete',
    path: '/second-factor',
    id: 'second-factor.remove',
    summary: 'Goes without one-time codes',
    access: 'account.own',
  }),
};

const token = named(
  'Token',
  z.object({
    id,
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    at: time,
    expires: time,
    used: time.optional(),
  }),
);

export const tokens = {
  list: route({
    method: 'get',
    path: '/tokens',
    id: 'token.list',
    summary: 'Your API tokens',
    access: 'account.own',
    answer: z.object({ items: z.array(token) }),
  }),
  make: route({
    method: 'post',
    path: '/tokens',
    id: 'token.make',
    summary: 'Makes an API token, which is shown this once',
    access: 'account.own',
    body: z.strictObject({
      name: typed(64).min(1),
      scopes: z.array(z.enum(SCOPES)).min(1),
      days: z.number().int().min(1).max(366).default(90),
    }),
    answer: z.object({ token: z.string(), about: token }),
    status: 201,
  }),
  remove: route({
    method: 'delete',
    path: '/tokens/{token}',
    id: 'token.remove',
    summary: 'Ends an API token',
    access: 'account.own',
    params: z.strictObject({ token: id }),
  }),
};

const role = { role: z.enum(ACCOUNT_ROLES), maker: word.optional() };

export const roles = {
  list: route({
    method: 'get',
    path: '/accounts/{account}/grants',
    id: 'grant.list',
    summary: 'Roles of an account',
    access: 'account.grant',
    params: z.strictObject({ account: id }),
    answer: z.object({ items: z.array(grant) }),
  }),
  grant: route({
    method: 'post',
    path: '/accounts/{account}/grants',
    id: 'grant.add',
    summary: 'Gives an account a role',
    access: 'account.grant',
    params: z.strictObject({ account: id }),
    body: z.strictObject(role),
  }),
  revoke: route({
    method: 'delete',
    path: '/accounts/{account}/grants',
    id: 'grant.remove',
    summary: 'Takes a role from an account, and ends its sessions',
    access: 'account.grant',
    params: z.strictObject({ account: id }),
    query: z.strictObject(role),
  }),
  invite: route({
    method: 'post',
    path: '/invitations',
    id: 'invitation.make',
    summary: 'Makes an invitation to a role; its code is shown this once',
    access: 'account.grant',
    body: z.strictObject({ ...role, days: z.number().int().min(1).max(30).default(7) }),
    answer: z.object({ code: z.string(), expires: time }),
    status: 201,
  }),
  accept: route({
    method: 'post',
    path: '/invitations/accepted',
    id: 'invitation.accept',
    summary: 'Takes the role of an invitation',
    access: 'account.own',
    body: z.strictObject({ code: z.string().max(100) }),
    answer: grant,
    rate: 'costly',
  }),
};
