import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { readConfig } from '../config/read.ts';
import { diagnose } from '../doctor/doctor.ts';
import { tellAll } from '../notices/publish.ts';
import { tagsOf } from '../notices/tags.ts';
import { type TestService, testService } from '../testdata/service.ts';
import { sendDigests } from './job.ts';
import { digestText } from './text.ts';

/** A mail as a server took it. */
interface Taken {
  readonly to: readonly string[];
  readonly raw: string;
}

const taken: Taken[] = [];
let smtp: SMTPServer;
let service: TestService;
let cookie = '';

before(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      void text(stream).then((raw) => {
        taken.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const { port } = smtp.server.address() as AddressInfo;
  const options = { 'mail.server': `smtp://127.0.0.1:${port}`, 'mail.from': 'avow@example.org' };
  service = await testService({}, options, { hasWorkers: true, isRealIdentity: true });
  const made = await service.ask('POST', 'accounts', {
    body: { name: 'Ada', password: 'correct horse battery', email: 'ada@example.org' },
  });
  assert.equal(made.status, 201, await made.text());
  cookie = made.headers.getSetCookie()[0]!.split(';')[0]!;
});
after(async () => {
  await service.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

const own = (method: string, body?: object) =>
  service.json(method, 'account/mail', { headers: { cookie }, ...(body && { body }) });

async function mailed(count: number): Promise<Taken> {
  for (let tries = 0; taken.length < count; tries++) {
    assert.ok(tries < 200, `${taken.length} of ${count} mails came`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return taken[count - 1]!;
}

/** Long lines are folded by quoted-printable (RFC 2045, 6.7). */
const plain = (raw: string): string =>
  raw
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

const linkIn = (raw: string): string => /\/mail\/[\w.-]+/.exec(plain(raw))![0];

async function dueNow(): Promise<void> {
  const [row] = await service.stores.mailboxes.due(Number.MAX_SAFE_INTEGER, 1);
  await service.stores.mailboxes.told(row!, row!.last, Date.now() - 1);
  await sendDigests(service.stores);
}

test('an address is asked before anything is sent to it, and a link that is only looked at says nothing', async () => {
  const asked = await own('PUT', { kinds: ['release.examined', 'advisory.published'] });
  assert.equal(asked.body.state, 'asked', JSON.stringify(asked.body));
  const { raw, to } = await mailed(1);
  assert.deepEqual(to, ['ada@example.org']);
  const link = linkIn(raw);
  await tellAll(service.stores, 'release.examined', { release: 1, target: 'pkg:npm/x@1' });
  assert.match(await (await service.ask('GET', link)).text(), /<form method="post">/);
  await sendDigests(service.stores);
  assert.equal((await own('GET')).body.state, 'asked');
  assert.match(await (await service.ask('POST', link)).text(), /Digests will come/);
  assert.equal((await own('GET')).body.state, 'on');
  assert.match(await (await service.ask('POST', link)).text(), /has done its work/);
  assert.equal(taken.length, 1);
});

test('a digest tells what is public and subscribed, nothing of claims or cases that are not, and ends by one click', async () => {
  const claim = { text: 'The embargoed thing is pkg:npm/hidden@1 said by Zoe' };
  const anonymous = await service.json('POST', 'claims', { body: claim });
  assert.ok(anonymous.body.code, JSON.stringify(anonymous.body));
  await tellAll(service.stores, 'declaration.published', { product: 1, name: 'npm/unasked' });
  await tellAll(service.stores, 'advisory.published', { case: 'case-9', target: 'pkg:npm/told@2' });
  await dueNow();
  const { raw } = await mailed(2);
  const body = plain(raw);
  assert.match(body, /pkg:npm\/x@1/);
  assert.match(
    body,
    /advisory published: pkg:npm\/told@2\r\n {2}http:\/\/service\.test\/cases\/case-9/,
  );
  assert.match(raw, /^Subject: Avow: 2 notices\r$/m);
  assert.doesNotMatch(body, /hidden|Zoe|unasked|claim-/);
  assert.ok(!body.includes(anonymous.body.code));
  assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/im);
  assert.match(raw, /^List-Unsubscribe:(?:\r\n)? <http:\/\/service\.test\/mail\/end\./im);
  assert.match(raw, /^Auto-Submitted: auto-generated\r$/im);
  assert.equal(taken.length, 2, 'the claimant who gave no name is written to by nobody');
  // As a mail provider does it: no cookie, a form.
  const end = linkIn(/^List-Unsubscribe:(?:\r\n)? <([^>]*)>/im.exec(raw)![1]!);
  const ended = await service.app.request(`http://service.test${end}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  assert.equal(ended.status, 200);
  assert.equal((await own('GET')).status, 404);
});

test('links that nobody made, and those of an address before, do nothing', async () => {
  await own('PUT', { kinds: ['release.examined'] });
  const first = linkIn((await mailed(3)).raw);
  const forged = first.replace(/.$/, (one) => (one === 'A' ? 'B' : 'A'));
  assert.equal((await service.ask('POST', forged)).status, 404);
  await new Promise((resolve) => setTimeout(resolve, 2));
  await own('PUT', { kinds: ['release.examined'] });
  const second = linkIn((await mailed(4)).raw);
  await service.ask('POST', first);
  assert.equal((await own('GET')).body.state, 'asked');
  await service.ask('POST', second);
  assert.equal((await own('GET')).body.state, 'on');
  // Another address has not said yes: what was due to the one before goes nowhere.
  const session = { headers: { cookie }, body: { email: 'eve@example.org' } };
  assert.equal((await service.ask('PATCH', 'account', session)).status, 204);
  await tellAll(service.stores, 'release.examined', { release: 2, target: 'pkg:npm/y@1' });
  await dueNow();
  for (let tries = 0; (await own('GET')).status !== 404; tries++) {
    assert.ok(tries < 100);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(taken.length, 4);
});

test('a digest has what a subscription names, and nothing more, once the address has said yes', async () => {
  const body = { kinds: ['release.examined'], wanted: { host: 'example.net' }, mail: true };
  const made = await service.json('POST', 'subscriptions', { headers: { cookie }, body });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.deepEqual((await own('GET')).body.kinds, [], 'of everything, it is told nothing');
  await service.ask('POST', linkIn((await mailed(5)).raw));
  const tell = (target: string, recipients: string[]) =>
    tellAll(
      service.stores,
      'release.examined',
      { target },
      tagsOf({ product: 1, maker: null }, { features: ['net.http'], recipients }),
    );
  await tell('pkg:npm/wanted@1', ['a.example.net']);
  await tell('pkg:npm/other@1', ['example.org']);
  await dueNow();
  const digest = plain((await mailed(6)).raw);
  assert.match(digest, /pkg:npm\/wanted@1/);
  assert.doesNotMatch(digest, /other@1/);
  await own('DELETE');
  const after = await service.json('GET', 'subscriptions', { headers: { cookie } });
  assert.equal(after.body.items[0].mail, false, 'no more mail is no more mail');
});

test('an account that goes takes its subscription with it', async () => {
  await own('PUT', { kinds: ['release.examined'] });
  await mailed(7);
  const data = await service.json('GET', 'account/data', { headers: { cookie } });
  assert.equal(data.body.mailboxes[0].email, 'eve@example.org');
  assert.equal((await service.ask('DELETE', 'account', { headers: { cookie } })).status, 204);
  assert.deepEqual(await service.stores.mailboxes.due(Number.MAX_SAFE_INTEGER, 10), []);
});

test('names that a maker wrote put no line and no header into a mail', () => {
  const target = 'pkg:npm/a\r\nBcc: all@example.org\u202e\u0000@1';
  const notice = {
    number: 1,
    kind: 'release.examined',
    at: '2026-11-24T00:00:00Z',
    data: JSON.stringify({ release: 1, target }),
  };
  const { subject, text: told } = digestText(
    [notice],
    'https://a.example',
    'https://a.example/mail/x',
  );
  assert.equal(subject, 'Avow: 1 notice');
  assert.doesNotMatch(told, /^Bcc/m);
  assert.doesNotMatch(told, /[\u202e\u0000\r]/);
});

test('the doctor signs in at the mail server, and says when it is not there', async () => {
  const { port } = smtp.server.address() as AddressInfo;
  const told = async (server: string) => {
    const options = {
      role: 'log',
      url: 'http://127.0.0.1:9',
      'mail.server': server,
      'mail.from': 'a@example.org',
    };
    const found = await diagnose(() => readConfig({ environment: {}, data: '/tmp', options }));
    return found.find(({ what }) => what === 'mail')?.state;
  };
  assert.equal(await told(`smtp://127.0.0.1:${port}`), 'ok');
  assert.equal(await told('smtp://127.0.0.1:9'), 'bad');
});
