import assert from 'node:assert/strict';
import { onEachDatabase } from '../contract/each-database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { SearchIndex, searchStep, wordsOf } from './search.ts';

interface Tables {
  things: { id: string };
}

const TEXTS: Readonly<Record<string, string>> = {
  host: 'https.request to telemetry.example.org:443',
  path: '/home/*/.ssh/id_rsa',
  shout: 'ÄRGER in der Straße 12',
  russian: 'Отправляет данные',
  hostile: `'; DROP TABLE things; -- " * & | ! <-> :* \\ ${'x'.repeat(100_000)}`,
  many: Array.from({ length: 10_000 }, (_, index) => `w${index}`).join(' '),
};

async function filled(database: Database): Promise<SearchIndex> {
  const things = 'CREATE TABLE things (id {text} PRIMARY KEY) {strict}';
  await migrate(database, 'test', [[things], searchStep('search_things')]);
  const index = new SearchIndex('search_things', database.dialect);
  await database.transaction<Tables, void>(async (tables) => {
    const ids = Object.keys(TEXTS);
    await tables
      .insertInto('things')
      .values(ids.map((id) => ({ id })))
      .execute();
    await index.put(
      tables,
      ids.map((key) => ({ key, text: TEXTS[key]! })),
    );
  });
  return index;
}

async function found(database: Database, index: SearchIndex, question: string): Promise<string[]> {
  const rows = await database
    .tables<Tables>()
    .selectFrom('things')
    .select('id')
    .where(index.matches('things.id', question))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

onEachDatabase('search', (test) => {
  test('each engine finds the same', async ({ open }) => {
    const database = await open();
    const index = await filled(database);
    const questions: Readonly<Record<string, readonly string[]>> = {
      'example.org': ['host'],
      'TELE example': ['host'],
      lemetry: [],
      '.ssh': ['path'],
      id_rsa: ['path'],
      ärger: ['shout'],
      'stra 12': ['shout'],
      данн: ['russian'],
      'drop table': ['hostile'],
      w77: ['many'],
      'https russian': [],
      '': [],
      'tele OR w77 -- :*': [],
      "' & ! |": [],
      'NEAR(a b)': [],
    };
    for (const [question, ids] of Object.entries(questions)) {
      assert.deepEqual(await found(database, index, question), ids, question);
    }
  });

  test('a text that was replaced or removed is not found by what it said', async ({ open }) => {
    const database = await open();
    const index = await filled(database);
    const tables = database.tables<Tables>();
    await index.put(tables, [
      { key: 'host', text: 'first' },
      { key: 'host', text: 'quiet' },
    ]);
    await index.remove(tables, ['path', 'not there']);
    assert.deepEqual(await found(database, index, 'telemetry'), []);
    assert.deepEqual(await found(database, index, 'first'), []);
    assert.deepEqual(await found(database, index, 'quiet'), ['host']);
    assert.deepEqual(await found(database, index, 'ssh'), []);
    await index.put(tables, [{ key: 'path', text: 'again' }]);
    assert.deepEqual(await found(database, index, 'again'), ['path']);
  });

  test('words are kept whole characters, and only so many', () => {
    assert.deepEqual(wordsOf(`a${'𝒳'.repeat(100)}`)[0]?.length, 64);
    assert.equal(wordsOf(TEXTS['many']!).length, 4_096);
    return Promise.resolve();
  });
});
