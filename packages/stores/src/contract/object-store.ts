import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { namesUnder, type ObjectStore } from '../objects/index.ts';

/** A place where stores of one kind can be opened again and again. */
export interface ObjectStorePlace {
  open(): Promise<ObjectStore>;
  remove(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** What every object store promises; each kind runs it. */
export function objectStoreContract(kind: string, place: () => Promise<ObjectStorePlace>): void {
  const inPlace = (
    title: string,
    body: (store: ObjectStore, here: ObjectStorePlace) => Promise<void>,
  ) =>
    test(`${kind}: ${title}`, async () => {
      const here = await place();
      const store = await here.open();
      try {
        await body(store, here);
      } finally {
        await store.close();
        await here.remove();
      }
    });

  inPlace('an object is there for the next who opens it, whole', async (store, here) => {
    const all = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    assert.equal(await store.put('a/b.c', all), true);
    assert.equal(await store.put('empty', new Uint8Array(0)), true);
    const other = await here.open();
    assert.deepEqual(await other.get('a/b.c'), all);
    assert.equal(await other.size('a/b.c'), 300_000);
    assert.deepEqual(await other.get('empty'), new Uint8Array(0));
    assert.equal(await other.size('empty'), 0);
    for (const name of ['a', 'a/b', 'a/b.c/d', 'none']) {
      assert.equal(await other.get(name), undefined, name);
      assert.equal(await other.size(name), undefined, name);
      assert.equal(await other.stream(name), undefined, name);
    }
    await other.close();
  });

  inPlace('what is there is not written over', async (store) => {
    assert.equal(await store.put('a', bytes('first')), true);
    assert.equal(await store.put('a', bytes('second')), false);
    assert.deepEqual(await store.get('a'), bytes('first'));
  });

  inPlace('of many who put at once one is first, and its bytes stay', async (store, here) => {
    const other = await here.open();
    const puts = Array.from({ length: 12 }, async (_, index) => ({
      index,
      isFirst: await (index % 2 === 0 ? store : other).put('a', bytes(`${index}`)),
    }));
    const first = (await Promise.all(puts)).filter(({ isFirst }) => isFirst);
    assert.equal(first.length, 1);
    assert.deepEqual(await store.get('a'), bytes(`${first[0]!.index}`));
    await other.close();
  });

  inPlace('it is replaced by who knows what is there, and by no other', async (store, here) => {
    const other = await here.open();
    assert.equal(await store.replace('a', bytes('0'), bytes('x')), false);
    assert.equal(await store.replace('a', undefined, bytes('0')), true);
    assert.equal(await store.replace('a', undefined, bytes('x')), false);
    assert.equal(await store.replace('a', bytes('1'), bytes('x')), false);
    assert.equal(await store.replace('a', bytes('0'), bytes('1')), true);
    const raced = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? store : other).replace('a', bytes('1'), bytes(`new ${index}`)),
      ),
    );
    // Of a lost answer nobody may know; that is told, and is neither yes nor no.
    const answers = raced.map((one) =>
      one.status === 'fulfilled' ? one.value : (one.reason as { code?: string }).code,
    );
    const present = new TextDecoder().decode(await store.get('a'));
    const winner = answers[Number(present.slice('new '.length))];
    assert.ok(winner === true || winner === 'objects.lost', `${present}: ${winner}`);
    assert.ok(answers.filter((answer) => answer === true).length <= 1);
    const known = [true, false, 'objects.lost'];
    assert.deepEqual(
      answers.filter((answer) => !known.includes(answer as string)),
      [],
    );
    await other.close();
  });

  inPlace('a counter that many raise counts each', async (store, here) => {
    const stores = [store, await here.open(), await here.open()];
    await store.put('count', bytes('0'));
    let lost = 0;
    const raise = async (own: ObjectStore, who: string) => {
      for (;;) {
        const old = (await own.get('count'))!;
        const next = bytes(`${Number.parseInt(new TextDecoder().decode(old), 10) + 1} by ${who}`);
        try {
          if (await own.replace('count', old, next)) return;
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'objects.lost');
          lost++;
        }
      }
    };
    await Promise.all(
      stores.flatMap((own, index) => ['a', 'b', 'c'].map((who) => raise(own, `${index}${who}`))),
    );
    // What nobody knows of may have counted, and was done again.
    const count = Number.parseInt(new TextDecoder().decode(await store.get('count')), 10);
    assert.ok(count >= 9 && count <= 9 + lost, `${count}, ${lost} unknown`);
    for (const own of stores.slice(1)) await own.close();
  });

  inPlace('a part is read by its bytes', async (store) => {
    await store.put('a', bytes('0123456789'));
    const part = async (from: number, to: number) =>
      new TextDecoder().decode(await store.get('a', { from, to }));
    assert.equal(await part(0, 1), '0');
    assert.equal(await part(3, 6), '345');
    assert.equal(await part(8, 99), '89');
    assert.equal(await part(10, 12), '');
    assert.equal(await part(5, 5), '');
    assert.equal(await store.get('none', { from: 0, to: 0 }), undefined);
  });

  inPlace('a file is put and streamed in pieces', async (store) => {
    const folder = mkdtempSync(join(tmpdir(), 'avow-file-'));
    const all = Buffer.alloc(9_000_001, 'Avow');
    writeFileSync(join(folder, 'file'), all);
    assert.equal(await store.put('large', { file: join(folder, 'file') }), true);
    assert.equal(await store.put('large', { file: join(folder, 'file') }), false);
    rmSync(folder, { recursive: true });
    const pieces: Uint8Array[] = [];
    for await (const piece of (await store.stream('large'))!) pieces.push(piece);
    assert.ok(Buffer.concat(pieces).equals(all));
    assert.ok(pieces.length > 1);
  });

  inPlace('names are listed in order, by prefix, page by page', async (store) => {
    const names = ['tile/0/001', 'tile/0/000', 'tile/0/x000/001', 'tile/1', 'tile-x', 'a', 'z'];
    for (const name of names) await store.put(name, bytes(name));
    const sorted = [...names].sort();
    assert.deepEqual(await store.list({ prefix: '', limit: 100 }), sorted);
    const under = sorted.filter((name) => name.startsWith('tile/0/'));
    assert.deepEqual(await store.list({ prefix: 'tile/0/', limit: 100 }), under);
    assert.deepEqual(
      await store.list({ prefix: 'tile', limit: 100 }),
      sorted.filter((name) => name.startsWith('tile')),
    );
    assert.deepEqual(await store.list({ prefix: 'none/', limit: 100 }), []);
    const paged: string[] = [];
    for (let after: string | undefined; ; after = paged.at(-1)) {
      const page = await store.list({ prefix: '', limit: 2, ...(after && { after }) });
      if (page.length === 0) break;
      paged.push(...page);
    }
    assert.deepEqual(paged, sorted);
    const all: string[] = [];
    for await (const name of namesUnder(store, '')) all.push(name);
    assert.deepEqual(all, sorted);
  });

  inPlace('what is removed is gone, and can be put again', async (store) => {
    await store.put('a/b', bytes('1'));
    await store.remove('a/b');
    await store.remove('a/b');
    await store.remove('none/at/all');
    assert.equal(await store.get('a/b'), undefined);
    assert.deepEqual(await store.list({ prefix: '', limit: 9 }), []);
    assert.equal(await store.put('a/b', bytes('2')), true);
  });

  inPlace('a name that could be another file is refused', async (store) => {
    const names = [
      '',
      '/',
      '../a',
      'a/../b',
      'a//b',
      '.new/x',
      'a/',
      '/a',
      'ä',
      'a\0',
      'a b',
      '%2e',
    ];
    for (const name of [...names, 'x'.repeat(600)]) {
      await assert.rejects(async () => store.put(name, bytes('')), { code: 'objects.name' }, name);
      await assert.rejects(async () => store.get(name), { code: 'objects.name' }, name);
      await assert.rejects(async () => store.remove(name), { code: 'objects.name' }, name);
    }
  });
}
