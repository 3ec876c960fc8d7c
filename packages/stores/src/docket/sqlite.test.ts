import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import { auditChain, type DocketEvent } from '@avow/docket';
import { artifactStoreContract, docketStoreContract, newEvent } from '../contract/docket-store.ts';
import { KeptFiles } from './kept.ts';
import { migrate } from './schema.ts';
import { DocketDatabase } from './sqlite.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-docket-'));
const opened: DocketDatabase[] = [];
let count = 0;
after(() => {
  for (const one of opened) one.close();
  rmSync(root, { recursive: true });
});

function openAt(path: string): DocketDatabase {
  const store = new DocketDatabase(path);
  opened.push(store);
  return store;
}

const fresh = (): string => join(root, `docket-${count++}.sqlite`);

docketStoreContract('SQLite', () => {
  const path = fresh();
  return { store: openAt(path), reopen: () => openAt(path) };
});

artifactStoreContract('SQLite', () => {
  const path = fresh();
  return { store: openAt(path), reopen: () => openAt(path) };
});

test('commits are synced, in a write-ahead log', () => {
  const path = fresh();
  openAt(path);
  const raw = new DatabaseSync(path);
  assert.deepEqual({ ...raw.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
  raw.close();
});

test('a full disk: the move is refused, nothing of it is written, and the docket goes on', async () => {
  const path = fresh();
  const store = openAt(path);
  await store.append([newEvent(1, 1)]);
  const huge = newEvent(2, 1);
  const data = { text: 'x'.repeat(1_000_000) };
  // A database that may not grow fails as a full disk does: SQLITE_FULL within the transaction.
  const full = new DocketDatabase(path, { maxPages: 40 });
  opened.push(full);
  await assert.rejects(full.append([{ ...huge, act: { ...huge.act, data } }]), /full/);
  await full.append([newEvent(2, 1)]);
  const events: DocketEvent[] = [];
  for await (const event of store.events()) events.push(event);
  assert.equal(auditChain(events).number, 2);
});

test('an event that was changed behind our back breaks the chain', async () => {
  const path = fresh();
  const store = openAt(path);
  await store.append([newEvent(1, 1), newEvent(2, 1), newEvent(3, 1)]);
  const raw = new DatabaseSync(path);
  raw.exec(
    `UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'cleo', 'cloe') AS BLOB) WHERE number = 2`,
  );
  raw.close();
  const events: DocketEvent[] = [];
  for await (const event of store.events()) events.push(event);
  assert.throws(() => auditChain(events), { code: 'docket.audit' });
});

test('a later layout is refused and left alone; a failed step leaves the one before', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA user_version = 99');
  assert.throws(() => migrate(database), { code: 'docket.version' });
  const other = new DatabaseSync(':memory:');
  migrate(other, ['CREATE TABLE a (x)']);
  assert.throws(() => migrate(other, ['', 'CREATE TABLE b (x); CREATE TABLE a (x)']));
  assert.deepEqual({ ...other.prepare('PRAGMA user_version').get() }, { user_version: 1 });
  assert.deepEqual(other.prepare("SELECT name FROM sqlite_schema WHERE name = 'b'").all(), []);
});

test('evidence is kept byte for byte, and what is not what its name says is not there', async () => {
  const folder = join(root, 'kept');
  const kept = new KeptFiles(folder);
  const bomb = utf8Bytes('PK\u0003\u0004 an archive is bytes like any other');
  const digest = await kept.keep(bomb);
  await kept.keep(bomb);
  assert.deepEqual(await kept.read(digest), bomb);
  assert.deepEqual(readdirSync(folder), [digest.slice(7)]);
  truncateSync(join(folder, digest.slice(7)), 3);
  assert.equal(await kept.read(digest), undefined);
  writeFileSync(join(root, 'outside'), 'x');
  assert.equal(await kept.read('sha256:../outside'), undefined);
});
