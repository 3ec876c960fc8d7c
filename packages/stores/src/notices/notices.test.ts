import assert from 'node:assert/strict';
import { onEachDatabase } from '../contract/each-database.ts';
import { type NewNotice, Notices } from './notices.ts';

const AT = '2026-11-24T00:00:00.000Z';
const notice = (key: string, tags: readonly string[], kind = 'told'): NewNotice => ({
  ...{ kind, at: AT, data: '{}' },
  key,
  tags,
});

onEachDatabase('notices', (test) => {
  test('of one key there is one notice, though two tell it at once', async (place) => {
    const notices = await Notices.open(await place.open());
    const numbers = await Promise.all(
      Array.from({ length: 8 }, () => notices.add(notice('same', ['a:1']))),
    );
    assert.equal(new Set(numbers).size, 1);
    assert.equal((await notices.after(0, 10)).length, 1);
    assert.notEqual(await notices.add(notice('other', ['a:1'])), numbers[0]);
  });

  test('they are found by all of their tags, the newest first, as many as are asked for', async (place) => {
    const notices = await Notices.open(await place.open());
    const first = await notices.add(notice('1', ['product:1', 'host:a.example']));
    const second = await notices.add(
      notice('2', ['product:1', 'host:a.example', 'host:a.example']),
    );
    const third = await notices.add(notice('3', ['product:1'], 'other'));
    const numbers = async (kinds: string[], tags: string[], limit = 10) =>
      (await notices.newest(kinds, tags, limit)).map(({ number }) => number);
    assert.deepEqual(await numbers(['told', 'other'], []), [third, second, first]);
    assert.deepEqual(await numbers(['told'], ['product:1', 'host:a.example']), [second, first]);
    assert.deepEqual(await numbers(['told'], ['product:1'], 1), [second]);
    assert.deepEqual(await numbers(['told'], ['product:2']), []);
    const tagged = await notices.tagged([first, third], ['host:a.example', 'host:b.example']);
    assert.deepEqual([...tagged.keys()], [first]);
    assert.deepEqual([...tagged.get(first)!], ['host:a.example']);
  });

  test('a notice with many tags has them all', async (place) => {
    const notices = await Notices.open(await place.open());
    const tags = Array.from({ length: 1_201 }, (_, at) => `host:h${at}.example`);
    const number = await notices.add(notice('many', tags));
    assert.equal((await notices.newest(['told'], ['host:h1200.example'], 1))[0]!.number, number);
  });

  test('webhooks that are on are gone through, however many there are; those of an account go with it', async (place) => {
    const notices = await Notices.open(await place.open());
    const common = { url: '', kinds: '[]', secrets: '', failures: 0, at: AT };
    for (const id of ['c', 'a', 'b', 'd']) {
      const state = id === 'b' ? 'off' : 'on';
      await notices.addWebhook({ id, owner: id === 'd' ? 'otto' : 'ann', state, ...common });
    }
    const ids = async (after: string) => (await notices.webhooksOn(after, 2)).map(({ id }) => id);
    assert.deepEqual([await ids(''), await ids('c')], [['a', 'c'], ['d']]);
    await notices.removeWebhooksOf('ann');
    assert.deepEqual(await ids(''), ['d']);
  });
});
