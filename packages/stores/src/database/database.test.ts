import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { onEachDatabase, onSqlite } from '../contract/each-database.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate, type Step } from './migrate.ts';

interface Tables {
  counts: { name: string; count: number };
  things: { id: number; text: string; bytes: Uint8Array | null };
}

const STEPS: readonly Step[] = [
  ['CREATE TABLE counts (name {text} PRIMARY KEY, count {integer} NOT NULL) {strict}'],
  ['CREATE TABLE things (id {counter}, text {text} NOT NULL, bytes {bytes}) {strict}'],
];

async function migrated(database: Database): Promise<Database> {
  await migrate(database, 'test', STEPS);
  return database;
}

function countOf(database: Database, name = 'a'): Promise<number | undefined> {
  return database
    .tables<Tables>()
    .selectFrom('counts')
    .select('count')
    .where('name', '=', name)
    .executeTakeFirst()
    .then((row) => row?.count);
}

/** Reads, waits, writes: wrong by one for each other that came between. */
function addSlowly(database: Database): Promise<void> {
  return database.transaction<Tables, void>(async (tables) => {
    const { count } = await tables.selectFrom('counts').select('count').executeTakeFirstOrThrow();
    await new Promise((resolve) => setTimeout(resolve, 2));
    await tables
      .updateTable('counts')
      .set({ count: count + 1 })
      .execute();
  });
}

test('an address of neither kind is refused, and its password is not told', async () => {
  await assert.rejects(openDatabase('mysql://root:secret@host/db'), (error: Error) => {
    assert.equal((error as Error & { code: string }).code, 'database.url');
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

onEachDatabase('a database', (test) => {
  test('values come back as they were given, alike on each engine', async ({ open }) => {
    const database = await migrated(await open());
    const tables = database.tables<Tables>();
    const bytes = Uint8Array.of(0, 255, 39, 92);
    const { id } = await tables
      .insertInto('things')
      .values({ text: "ü '\\ 🦆", bytes } as never)
      .returning('id')
      .executeTakeFirstOrThrow();
    assert.equal(id, 1);
    const rows = await tables.selectFrom('things').selectAll().execute();
    assert.deepEqual(rows, [{ id: 1, text: "ü '\\ 🦆", bytes }]);
    await tables
      .insertInto('counts')
      .values({ name: 'a', count: Number.MAX_SAFE_INTEGER })
      .execute();
    assert.equal(await countOf(database), Number.MAX_SAFE_INTEGER);
    const total = await tables
      .selectFrom('counts')
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    assert.deepEqual(total, { n: 1 });
    const result = await tables.updateTable('counts').set({ count: 2 }).executeTakeFirst();
    assert.equal(result.numUpdatedRows, 1n);
  });

  test('a text with U+0000 is refused on each engine', async ({ open }) => {
    const tables = (await migrated(await open())).tables<Tables>();
    const write = tables.insertInto('counts').values({ name: 'a\0b', count: 1 }).execute();
    await assert.rejects(write, { code: 'database.text' });
  });

  test('texts are ordered by their bytes on each engine', async ({ open }) => {
    const tables = (await migrated(await open())).tables<Tables>();
    const names = ['b', 'a', 'B', 'ä', '_', 'a-b', 'ab'];
    await tables
      .insertInto('counts')
      .values(names.map((name) => ({ name, count: 1 })))
      .execute();
    const rows = await tables.selectFrom('counts').select('name').orderBy('name').execute();
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['B', '_', 'a', 'a-b', 'ab', 'b', 'ä'],
    );
  });

  test('a transaction is all or nothing', async ({ open }) => {
    const database = await migrated(await open());
    const failing = database.transaction<Tables, void>(async (tables) => {
      await tables.insertInto('counts').values({ name: 'a', count: 1 }).execute();
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.equal(await countOf(database), undefined);
    await database.tables<Tables>().insertInto('counts').values({ name: 'a', count: 1 }).execute();
    assert.equal(await countOf(database), 1);
  });

  test('of many single writes at once each has its own end', async ({ open }) => {
    const database = await migrated(await open());
    const tables = database.tables<Tables>();
    const writes = Array.from({ length: 150 }, (_, index) =>
      tables
        .insertInto('counts')
        .values({ name: `n${index % 100}`, count: index })
        .returning('count')
        .executeTakeFirstOrThrow(),
    );
    const ends = await Promise.allSettled(writes);
    const fulfilled = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.count] : []));
    assert.equal(fulfilled.length, 100);
    const rows = await tables.selectFrom('counts').select('count').execute();
    assert.deepEqual(
      rows.map(({ count }) => count).sort((one, other) => one - other),
      fulfilled.sort((one, other) => one - other),
    );
    await database.transaction<Tables, void>(async (own) => {
      await own.deleteFrom('counts').execute();
    });
    assert.equal(await countOf(database, 'n1'), undefined);
  });

  test('of many who read and then write, none overwrites another', async ({ open }) => {
    const [one, other] = [await migrated(await open()), await open()];
    await one.tables<Tables>().insertInto('counts').values({ name: 'a', count: 0 }).execute();
    const adding = Array.from({ length: 12 }, (_, index) =>
      addSlowly(index % 2 === 0 ? one : other),
    );
    await Promise.all(adding);
    assert.equal(await countOf(one), 12);
  });

  test('a reading transaction sees one moment, and waits for no writer', async ({ open }) => {
    const [one, other] = [await migrated(await open()), await open()];
    await one.tables<Tables>().insertInto('counts').values({ name: 'a', count: 1 }).execute();
    await one.transaction<Tables, void>(
      async (tables) => {
        const before = await tables.selectFrom('counts').selectAll().execute();
        await other.tables<Tables>().updateTable('counts').set({ count: 2 }).execute();
        assert.equal(await countOf(one), 2);
        assert.deepEqual(await tables.selectFrom('counts').selectAll().execute(), before);
      },
      { isReadOnly: true },
    );
    const writing = one.transaction<Tables, unknown>(
      (tables) => tables.updateTable('counts').set({ count: 3 }).execute(),
      { isReadOnly: true },
    );
    await assert.rejects(writing);
    assert.equal(await countOf(one), 2);
  });

  test('reads go on while a transaction is open', async ({ open }) => {
    const database = await migrated(await open());
    await database.tables<Tables>().insertInto('counts').values({ name: 'a', count: 1 }).execute();
    await database.transaction<Tables, void>(async (tables) => {
      await tables.updateTable('counts').set({ count: 2 }).execute();
      assert.equal(await countOf(database), 1);
    });
    assert.equal(await countOf(database), 2);
  });

  test('servers that start at once make the tables once', async ({ open }) => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => open()));
    await Promise.all(databases.map(migrated));
    await assert.doesNotReject(Promise.all(databases.map((database) => countOf(database))));
  });

  test('later steps are done on what is there, and a failing one undoes all', async ({ open }) => {
    const database = await open();
    await migrate(database, 'test', STEPS.slice(0, 1));
    await database.tables<Tables>().insertInto('counts').values({ name: 'a', count: 1 }).execute();
    await assert.rejects(migrate(database, 'test', [...STEPS, ['CREATE NONSENSE']]));
    await assert.rejects(database.tables<Tables>().selectFrom('things').selectAll().execute());
    await migrated(database);
    assert.deepEqual(
      await database.tables<Tables>().selectFrom('things').selectAll().execute(),
      [],
    );
    assert.equal(await countOf(database), 1);
  });

  test('a database of a later layout is not touched', async ({ open }) => {
    const database = await migrated(await open());
    const older = migrate(database, 'test', STEPS.slice(0, 1));
    await assert.rejects(older, { code: 'database.newer' });
    await migrate(database, 'another concern', []);
  });

  test('it says what it is', async ({ open }) => {
    assert.match(await (await open()).health(), /^(?:SQLite 3|PostgreSQL 1\d)\.\d+/);
  });
});

// A server's own disk is not ours to fill.
onSqlite('a database whose disk is full', (test) => {
  test('a full disk says so, and what was there is readable', async ({ open }) => {
    const database = await migrated(await open({ maxPages: 40 }));
    const filling = async () => {
      for (let number = 0; ; number++) {
        await database.transaction<Tables, void>(async (tables) => {
          await tables
            .insertInto('counts')
            .values({ name: 'a', count: number })
            .onConflict((conflict) => conflict.column('name').doUpdateSet({ count: number }))
            .execute();
          await tables
            .insertInto('things')
            .values({ text: `${number}`, bytes: new Uint8Array(3_000) } as never)
            .execute();
        });
      }
    };
    await assert.rejects(filling(), { code: 'storage.full' });
    const { n } = await database
      .tables<Tables>()
      .selectFrom('things')
      .select(sql<number>`count(*)`.as('n'))
      .executeTakeFirstOrThrow();
    assert.equal(await countOf(database), n - 1);
  });
});
