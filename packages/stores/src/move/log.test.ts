import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fsckLog, openCheckpoint, openLog } from '@avow/log';
import { S3Double, TEST_CREDENTIALS } from '../contract/s3-double.ts';
import {
  memoryWitnessStore,
  TEST_ORIGIN,
  testSettings,
  testWitnessKey,
} from '../contract/test-log.ts';
import { openLogFolder } from '../log/folder.ts';
import { openLogObjects } from '../log/objects.ts';
import { openObjects } from '../objects/index.ts';
import { moveLog } from './log.ts';

test('a log that moved into a bucket goes on there, whole, and its witness agrees', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-move-'));
  const double = await S3Double.start();
  const objects = await openObjects(double.url(), { credentials: TEST_CREDENTIALS });
  const witnesses = [{ key: testWitnessKey(0), store: memoryWitnessStore() }];
  const texts = Array.from({ length: 600 }, (_, number) => `entry ${number}`);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const first = await openLog(testSettings(await openLogFolder(folder), witnesses));
  await Promise.all(texts.slice(0, 599).map((text) => first.append(bytes(text))));
  await first.whenPublished(599n);
  await assert.rejects(moveLog(folder, objects, 'log'), { code: 'log.locked' });
  await first.close();
  // Acknowledged, and in no tile yet.
  const store = await openLogFolder(folder);
  for await (const _ of store.readJournal(0n));
  await store.journal({ first: 599n, entries: [bytes(texts[599]!)] });
  await store.close();

  await moveLog(folder, objects, 'log');
  await assert.rejects(moveLog(folder, objects, 'log'), { code: 'move.not-empty' });

  const there = await openLogObjects(objects, 'log');
  const settings = testSettings(there, witnesses);
  const second = await openLog(settings);
  assert.equal(await second.append(bytes('after')), 600n);
  const { note } = await second.whenPublished(601n);
  await second.close();
  const { checkpoint } = openCheckpoint(note, TEST_ORIGIN, settings.ownKeys);
  const entries: string[] = [];
  const again = await openLogObjects(objects, 'log');
  const report = await fsckLog(again, checkpoint, undefined, (_, entry) => {
    entries.push(new TextDecoder().decode(entry));
  });
  assert.deepEqual(report.faults, []);
  assert.deepEqual(entries, [...texts, 'after']);
  await again.close();
  await double.stop();
  rmSync(folder, { recursive: true });
});
