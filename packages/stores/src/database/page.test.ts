import assert from 'node:assert/strict';
import { onEachDatabase } from '../contract/each-database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { type Page, type PageKey, readPage } from './page.ts';

interface Tables {
  things: { day: number; name: string };
}

const KEYS: readonly PageKey[] = [
  { name: 'day', column: 'things.day', type: 'integer' },
  { name: 'name', type: 'text' },
];

async function withThings(database: Database): Promise<Database> {
  const table =
    'CREATE TABLE things (day {integer} NOT NULL, name {text} NOT NULL, PRIMARY KEY (day, name)) {strict}';
  await migrate(database, 'test', [[table]]);
  const things = Array.from({ length: 25 }, (_, index) => ({ day: index % 3, name: `n${index}` }));
  await database.tables<Tables>().insertInto('things').values(things).execute();
  return database;
}

function pageOf(
  database: Database,
  after: string | undefined,
  direction: 'asc' | 'desc',
): Promise<Page<Tables['things']>> {
  const things = database.tables<Tables>().selectFrom('things').selectAll();
  return readPage(things, { keys: KEYS, direction, after, limit: 4 });
}

onEachDatabase('pages', (test) => {
  for (const direction of ['asc', 'desc'] as const) {
    test(`${direction}: every row is on one page, though rows come and go`, async ({ open }) => {
      const database = await withThings(await open());
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await pageOf(database, after, direction);
        seen.push(...page.rows.map(({ day, name }) => `${day} ${name}`));
        after = page.next;
        // Behind the reader: it must shift nothing.
        const day = direction === 'asc' ? -1 : 9;
        await database
          .tables<Tables>()
          .insertInto('things')
          .values({ day, name: `new ${seen.length}` })
          .execute();
      } while (after !== undefined);
      const expected = Array.from({ length: 25 }, (_, index) => `${index % 3} n${index}`).sort();
      assert.deepEqual(seen, direction === 'asc' ? expected : expected.reverse());
    });
  }

  test('a cursor that is not ours is refused, and does not reach the database', async ({
    open,
  }) => {
    const database = await withThings(await open());
    const cursors = [
      '',
      'x',
      '{}',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('["1","a"]').toString('base64url'),
      Buffer.from('[1.5,"a"]').toString('base64url'),
      Buffer.from('[1,"a\\u0000"]').toString('base64url'),
      Buffer.from('[1,null]').toString('base64url'),
      Buffer.from('[1,"a",2]').toString('base64url'),
    ];
    for (const cursor of cursors) {
      await assert.rejects(pageOf(database, cursor, 'asc'), { code: 'page.cursor' }, cursor);
    }
  });
});
