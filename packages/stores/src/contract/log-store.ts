import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch, LogStore } from '@avow/log';

/** A place where stores of one kind can be opened again and again. */
export interface LogStorePlace {
  open(): Promise<LogStore>;
  remove(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function journalOf(store: LogStore, from = 0n): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of store.readJournal(from)) batches.push(batch);
  return batches;
}

/** What every store of a log must do; each kind of store runs it. */
export function logStoreContract(kind: string, place: () => Promise<LogStorePlace>): void {
  const inPlace = (name: string, body: (place: LogStorePlace) => Promise<void>) =>
    test(`${kind}: ${name}`, async () => {
      const here = await place();
      try {
        await body(here);
      } finally {
        await here.remove();
      }
    });

  inPlace('a new log has nothing', async (here) => {
    const store = await here.open();
    assert.equal(await store.readSigned(), undefined);
    assert.equal(await store.readPublished(), undefined);
    assert.equal(await store.read('tile/0/000'), undefined);
    assert.deepEqual(await journalOf(store), []);
    await store.close();
  });

  inPlace('what was kept is there for the next writer', async (here) => {
    const first = await here.open();
    await journalOf(first);
    await first.write([{ path: 'tile/0/000.p/1', bytes: bytes('t') }]);
    await first.keepSigned(bytes('signed'));
    await first.publish(bytes('published'));
    await first.journal({ first: 0n, entries: [bytes('a'), bytes('')] });
    await first.journal({ first: 2n, entries: [bytes('b')] });
    await first.close();
    const second = await here.open();
    assert.deepEqual(await second.read('tile/0/000.p/1'), bytes('t'));
    assert.deepEqual(await second.readSigned(), bytes('signed'));
    assert.deepEqual(await second.readPublished(), bytes('published'));
    const batches = await journalOf(second);
    const entries = batches.flatMap((batch) => batch.entries.map((one) => `${Buffer.from(one)}`));
    assert.deepEqual(entries, ['a', '', 'b']);
    assert.deepEqual(
      batches.map(({ first: number }) => number),
      [0n, 2n],
    );
    await second.close();
  });

  inPlace('a file is replaced whole, and partial tiles go', async (here) => {
    const store = await here.open();
    await store.write([{ path: 'tile/0/000.p/1', bytes: bytes('one') }]);
    await store.write([{ path: 'tile/0/000', bytes: bytes('full') }]);
    await store.publish(bytes('first, and longer'));
    await store.publish(bytes('second'));
    assert.equal(`${Buffer.from((await store.readPublished())!)}`, 'second');
    await store.forgetPartials(['tile/0/000']);
    assert.equal(await store.read('tile/0/000.p/1'), undefined);
    assert.equal(`${Buffer.from((await store.read('tile/0/000'))!)}`, 'full');
    await store.close();
  });

  inPlace('the journal keeps what is not in tiles yet', async (here) => {
    const store = await here.open();
    await journalOf(store);
    for (let first = 0n; first < 40n; first++) {
      await store.journal({ first, entries: [bytes(`${first}`)] });
    }
    await store.forgetJournal(39n);
    await store.close();
    const next = await here.open();
    const last = (await journalOf(next, 39n)).at(-1)!;
    assert.equal(last.first, 39n);
    await next.close();
  });

  inPlace('a second writer is refused until the first lets go', async (here) => {
    const first = await here.open();
    await assert.rejects(here.open(), { code: 'log.locked' });
    await first.close();
    await (await here.open()).close();
  });
}
