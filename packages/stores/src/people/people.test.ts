import assert from 'node:assert/strict';
import { onEachDatabase } from '../contract/each-database.ts';
import { Drafts } from './drafts.ts';
import { Mailboxes } from './mailboxes.ts';
import { type NewAccount, People } from './people.ts';
import { Subscriptions } from './subscriptions.ts';

const NOW = 1_800_000_000_000;
const person = (id: string, name = id): NewAccount => ({
  id,
  name,
  name_key: name.toLowerCase(),
  email: null,
  password: null,
  created: NOW,
});
const session = (digest: string, account: string) => ({
  digest,
  id: `id-${digest}`,
  account,
  created: NOW,
  seen: NOW,
  expires: NOW + 1000,
  proved: 0,
  agent: 'curl',
});

onEachDatabase('people', (test) => {
  test('a name is one account’s, however it is written', async (place) => {
    const people = await People.open(await place.open());
    assert.equal(await people.addAccount(person('a', 'Ada')), true);
    assert.equal(await people.addAccount(person('b', 'ADA')), false);
    assert.equal((await people.accountNamed('ada'))?.id, 'a');
  });

  test('a session that has run out, or was ended, is none', async (place) => {
    const people = await People.open(await place.open());
    await people.addAccount(person('a'));
    for (const digest of ['one', 'two', 'three']) await people.addSession(session(digest, 'a'));
    assert.ok(await people.session('one', NOW));
    assert.equal(await people.session('one', NOW + 1000), undefined);
    assert.equal(await people.endSessions('a', { butDigest: 'one' }), 2);
    assert.equal(await people.session('two', NOW), undefined);
    assert.equal(await people.endSessions('b', { id: 'id-one' }), 0, 'of another account');
    assert.equal(await people.endSessions('a', { id: 'id-one' }), 1);
  });

  test('of two who answer one challenge at once, one does', async (place) => {
    const people = await People.open(await place.open());
    const challenge = {
      digest: 'd',
      kind: 'passkey',
      account: null,
      value: '{}',
      expires: NOW + 1,
    };
    await people.addChallenge(challenge);
    const taken = await Promise.all([1, 2].map(() => people.takeChallenge('d', 'passkey', NOW)));
    assert.equal(taken.filter((one) => one !== undefined).length, 1);
  });

  test('a code of one moment is used once, and none of an earlier one after it', async (place) => {
    const people = await People.open(await place.open());
    await people.addAccount(person('a'));
    const used = await Promise.all([people.useStep('a', 7), people.useStep('a', 7)]);
    assert.deepEqual([...used].sort(), [false, true]);
    assert.equal(await people.useStep('a', 6), false);
  });

  test('an invitation gives its role to one account, once', async (place) => {
    const people = await People.open(await place.open());
    await people.addAccount(person('a'));
    await people.invite({
      digest: 'd',
      id: 'i',
      role: 'lead',
      maker: '',
      given_by: 'admin',
      created: NOW,
      expires: NOW + 10,
      used_by: null,
    });
    assert.equal(await people.accept('d', 'a', NOW + 10), undefined, 'too late');
    assert.equal((await people.accept('d', 'a', NOW))?.role, 'lead');
    assert.equal(await people.accept('d', 'b', NOW), undefined, 'a second time');
    assert.deepEqual(
      (await people.grants('a')).map(({ role }) => role),
      ['lead'],
    );
    assert.equal(await people.revoke({ account: 'a', role: 'lead', maker: '' }), true);
  });

  test('who leaves takes everything along', async (place) => {
    const people = await People.open(await place.open());
    await people.addAccount(person('a'));
    await people.addSession(session('one', 'a'));
    await people.setRecoveryCodes('a', ['r']);
    await people.addOutside('https://issuer.example', 'subject', 'a');
    await people.removeAccount('a');
    assert.equal(await people.personalData('a'), undefined);
    assert.equal(await people.session('one', NOW), undefined);
    assert.equal(await people.accountOutside('https://issuer.example', 'subject'), undefined);
    assert.equal(await people.useRecoveryCode('a', 'r'), false);
  });

  test('what one wants to hear of ends with the account, the mailbox or the webhook that it was for', async (place) => {
    const database = await place.open();
    const people = await People.open(database);
    const [subscriptions, mailboxes] = [new Subscriptions(database), new Mailboxes(database)];
    await people.addAccount(person('a'));
    const common = { account: 'a', kinds: '[]', tags: '[]', created: NOW };
    await subscriptions.add({ id: 'both', is_mailed: 1, webhook: 'w', ...common });
    await subscriptions.add({ id: 'sent', is_mailed: 0, webhook: 'w', ...common });
    await subscriptions.add({ id: 'mail', is_mailed: 1, webhook: null, ...common });
    assert.equal((await subscriptions.ofWebhooks(['w', 'x'])).length, 2);
    await subscriptions.removeWebhook('w');
    const left = async () =>
      (await subscriptions.of('a')).map(({ id, is_mailed, webhook }) => [id, is_mailed, webhook]);
    assert.deepEqual(await left(), [
      ['both', 1, null],
      ['mail', 1, null],
    ]);
    await mailboxes.end('a');
    assert.deepEqual(await left(), [
      ['both', 0, null],
      ['mail', 0, null],
    ]);
    assert.equal((await people.personalData('a'))?.subscriptions.length, 2);
    await people.removeAccount('a');
    assert.deepEqual(await left(), []);
  });

  test('a draft that was changed since it was seen is not written over', async (place) => {
    const database = await place.open();
    const people = await People.open(database);
    const drafts = new Drafts(database);
    await people.addAccount(person('a'));
    await drafts.add({ id: 'd', account: 'a', text: 'one', created: NOW, changed: NOW });
    const [first, second] = await Promise.all([
      drafts.change('d', 'two', NOW + 1, NOW),
      drafts.change('d', 'three', NOW + 2, NOW),
    ]);
    assert.notEqual(first, second);
    await drafts.forget(NOW);
    assert.equal((await drafts.of('a')).length, 1);
    await people.removeAccount('a');
    assert.equal(await drafts.read('d'), undefined);
  });
});
