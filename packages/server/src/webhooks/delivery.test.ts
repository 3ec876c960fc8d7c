import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import type { EgressPort, Sending } from '../egress/send.ts';
import { tellAll } from '../notices/publish.ts';
import { type TestService, testService } from '../testdata/service.ts';
import { deliveryHandler } from './job.ts';

const ANN: Identity = { kind: 'account', id: 'ann', name: 'ann', grants: [], secondFactor: true };
const CONTEXT = { signal: new AbortController().signal, progress: async () => {} };

let service: TestService;
before(async () => {
  service = await testService({ ann: ANN });
});
after(() => service.close());

/** Takes what is sent, and answers as it is told. */
class Receiver implements EgressPort {
  readonly sent: Sending[] = [];
  status = 200;

  async send(sending: Sending): Promise<{ status: number }> {
    this.sent.push(sending);
    return { status: this.status };
  }
}

async function webhook(): Promise<{ id: string; secret: string }> {
  const { body } = await service.json('POST', 'webhooks', {
    as: 'ann',
    body: { url: 'https://hooks.example.com/a', kinds: ['release.examined'] },
  });
  return { id: body.webhook.id, secret: body.secret };
}

/** As the specification has receivers do it (Standard Webhooks 1.0, "Verifying webhook authenticity"). */
function isSignedBy(secret: string, { headers, body }: Sending): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return headers['webhook-signature']!.split(' ').includes(wanted);
}

async function deliver(receiver: Receiver): Promise<void> {
  const handler = deliveryHandler({ ...service.stores, egress: receiver });
  for (const job of await service.stores.jobs.claim(['deliver'], 10)) {
    try {
      await service.stores.jobs.complete(job, (await handler(job, CONTEXT)).result);
    } catch (error) {
      await service.stores.jobs.fail(
        job,
        (error as Error).message,
        (error as Error).name === 'NoRetry',
      );
    }
  }
}

test('a message is signed so that its receiver can tell, with both secrets after a rotation', async () => {
  const { id, secret } = await webhook();
  const { body: rotated } = await service.json('POST', `webhooks/${id}/secret`, { as: 'ann' });
  await tellAll(service.stores, 'release.examined', { release: 1, target: 'pkg:npm/x@1' });
  const receiver = new Receiver();
  await deliver(receiver);
  const [sending] = receiver.sent;
  assert.ok(sending && isSignedBy(secret, sending) && isSignedBy(rotated.secret, sending));
  assert.equal(isSignedBy('whsec_AAAA', sending), false);
  assert.equal(JSON.parse(sending.body).type, 'release.examined');
  const kept = await service.stores.notices.webhook(id);
  assert.doesNotMatch(
    JSON.stringify(kept),
    new RegExp(secret.slice(6, 20)),
    'sealed in the database',
  );
  await service.json('DELETE', `webhooks/${id}`, { as: 'ann' });
});

test('a receiver that is gone, or fails again and again, is turned off, and turned on by its owner', async () => {
  const { id } = await webhook();
  await tellAll(service.stores, 'release.examined', { release: 2 });
  const receiver = new Receiver();
  receiver.status = 410;
  await deliver(receiver);
  const { body } = await service.json('GET', 'webhooks', { as: 'ann' });
  assert.deepEqual(
    body.items.map((one: { state: string }) => one.state),
    ['off'],
  );
  await tellAll(service.stores, 'release.examined', { release: 3 });
  await deliver(receiver);
  assert.equal(receiver.sent.length, 1, 'nothing is sent while it is off');
  const started = await service.json('POST', `webhooks/${id}/start`, { as: 'ann' });
  assert.deepEqual([started.body.state, started.body.failures], ['on', 0]);
});

test('what someone else made is not there, and a private address is refused at once', async () => {
  const { id } = await webhook();
  assert.equal((await service.ask('DELETE', `webhooks/${id}`)).status, 404);
  const body = { url: 'https://169.254.169.254/', kinds: ['release.examined'] };
  const refused = await service.json('POST', 'webhooks', { as: 'ann', body });
  assert.equal(refused.body.code, 'egress.address');
});
