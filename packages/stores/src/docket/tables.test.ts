import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { auditChain, type DocketEvent } from '@avow/docket';
import { artifactStoreContract, docketStoreContract, newEvent } from '../contract/docket-store.ts';
import { onEachDatabase } from '../contract/each-database.ts';
import { findPostgres, TestPostgres } from '../contract/postgres.ts';
import { type Database, openDatabase } from '../database/index.ts';
import { DocketInDatabase } from './tables.ts';

const opened: Database[] = [];

async function openAt(url: string): Promise<DocketInDatabase> {
  const database = await openDatabase(url);
  opened.push(database);
  return DocketInDatabase.open(database);
}

function contracts(kind: string, newUrl: () => Promise<string>): void {
  const open = async () => {
    const url = await newUrl();
    return { store: await openAt(url), reopen: () => openAt(url) };
  };
  docketStoreContract(kind, open);
  artifactStoreContract(kind, open);
}

async function closeAll(): Promise<void> {
  for (const database of opened.splice(0)) await database.close();
}

describe('a docket among other tables of SQLite', () => {
  const root = mkdtempSync(join(tmpdir(), 'avow-docket-'));
  let count = 0;
  after(async () => {
    await closeAll();
    rmSync(root, { recursive: true });
  });
  contracts('tables of SQLite', async () => `sqlite:${join(root, `${count++}.sqlite`)}`);
});

const found = findPostgres();
describe('a docket in PostgreSQL', { skip: 'reason' in found ? found.reason : false }, () => {
  let postgres: TestPostgres;
  before(async () => {
    if ('folder' in found) postgres = await TestPostgres.start(found.folder);
  });
  after(async () => {
    await closeAll();
    await postgres?.stop();
  });
  contracts('PostgreSQL', () => postgres.newDatabase());
});

onEachDatabase('a docket with many hands', (test) => {
  test('servers that append at once make one chain, and lose no move', async ({ open }) => {
    const stores = await Promise.all(
      Array.from({ length: 4 }, async () => DocketInDatabase.open(await open())),
    );
    const writes = Array.from({ length: 80 }, (_, index) =>
      stores[index % 4]!.append([newEvent(index + 1, 1), newEvent(index + 1, 2)]),
    );
    await Promise.all(writes);
    const events: DocketEvent[] = [];
    for await (const event of stores[0]!.events()) events.push(event);
    assert.equal(auditChain(events).number, 160);
  });
});
