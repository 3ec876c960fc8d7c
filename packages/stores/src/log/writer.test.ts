import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  fsckLog,
  holdCheckpoint,
  type LogWriter,
  leafHash,
  noteSigner,
  noteVerifier,
  openCheckpoint,
  openLog,
  TreeReader,
  verifierKeyOf,
  type WriterSettings,
} from '@avow/log';
import { type Fate, failingDisk } from '../contract/failing-disk.ts';
import {
  memoryWitnessStore,
  TEST_LOG_KEY,
  TEST_ORIGIN,
  testSettings,
  testWitnessKey,
} from '../contract/test-log.ts';
import { DISK, type Disk } from './disk.ts';
import { openLogFolder } from './folder.ts';

const OWN_KEYS = [noteVerifier(verifierKeyOf(TEST_LOG_KEY))];

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-log-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function openHere(
  folder: string,
  witnesses: Parameters<typeof testSettings>[1] = [],
  disk: Disk = DISK,
): Promise<LogWriter> {
  return openLog(testSettings(await openLogFolder(folder, disk), witnesses));
}

const entry = (number: number) => new TextEncoder().encode(`entry ${number} `.padEnd(60, '.'));

/** Opens the folder anew, fscks what is published, and gives every entry it has. */
async function entriesAfterFsck(folder: string): Promise<readonly string[]> {
  const writer = await openHere(folder);
  const { note } = await writer.whenPublished(writer.size);
  await writer.close();
  const store = await openLogFolder(folder);
  const { checkpoint } = openCheckpoint(note, TEST_ORIGIN, OWN_KEYS);
  const entries: string[] = [];
  const report = await fsckLog(store, checkpoint, undefined, (_, bytes) => {
    entries.push(`${Buffer.from(bytes)}`);
  });
  await store.close();
  assert.deepEqual(report.faults, []);
  return entries;
}

test('a thousand entries at once get a thousand numbers, are cosigned, and are all there', () =>
  inFolder(async (folder) => {
    const witnesses = [0, 1].map((number) => ({
      key: testWitnessKey(number),
      store: memoryWitnessStore(),
    }));
    const settings = testSettings(await openLogFolder(folder), witnesses);
    const writer = await openLog(settings);
    const numbers = await Promise.all(
      Array.from({ length: 1000 }, (_, number) => writer.append(entry(number))),
    );
    assert.deepEqual(
      numbers,
      Array.from({ length: 1000 }, (_, number) => BigInt(number)),
    );
    const { note } = await writer.whenPublished(1000n);
    const policy = { ...settings.policy, logs: [{ key: verifierKeyOf(TEST_LOG_KEY) }] };
    const held = holdCheckpoint(policy, TEST_ORIGIN, note);
    assert.equal(held.isQuorumMet, true);
    assert.equal(held.witnesses.length, 2);
    const tree = new TreeReader(settings.store, held.checkpoint);
    const { hash } = await tree.inclusion(700n);
    assert.deepEqual(hash, leafHash(entry(700)));
    await writer.close();
    assert.equal((await entriesAfterFsck(folder)).length, 1000);
  }));

test('an entry of 65,536 bytes is refused, one of 65,535 is kept', () =>
  inFolder(async (folder) => {
    const writer = await openHere(folder);
    await assert.rejects(writer.append(new Uint8Array(65_536)), {
      code: 'bundle.entry-too-large',
    });
    assert.equal(await writer.append(new Uint8Array(65_535)), 0n);
    await writer.close();
    assert.equal((await entriesAfterFsck(folder))[0]?.length, 65_535);
  }));

/** Appends one at a time until something refuses; gives what was acknowledged. */
async function appendUntilRefused(folder: string, disk: Disk, most: number): Promise<string[]> {
  const acknowledged: string[] = [];
  let writer: LogWriter | undefined;
  try {
    writer = await openHere(folder, [], disk);
    for (let number = 0; number < most; number++) {
      await writer.append(entry(number));
      acknowledged.push(`${Buffer.from(entry(number))}`);
      if (number % 7 === 0) await writer.whenPublished(BigInt(number));
    }
    await writer.whenPublished(BigInt(most));
  } catch (error) {
    assert.match(`${error}`, /ENOSPC/);
  }
  await writer?.close();
  return acknowledged;
}

test('a disk that fails at any one change loses no acknowledged entry', async () => {
  let changes = 0;
  await inFolder(async (folder) => {
    const counting = failingDisk(DISK, () => {
      changes++;
      return 'works';
    });
    await appendUntilRefused(folder, counting, 20);
  });
  assert.ok(changes > 100, `${changes} changes`);
  for (const fate of ['fails', 'fails-halfway'] satisfies Fate[]) {
    for (let failing = 0; failing < changes; failing += 3) {
      await inFolder(async (folder) => {
        const disk = failingDisk(DISK, (_, number) => (number === failing ? fate : 'works'));
        const acknowledged = await appendUntilRefused(folder, disk, 20);
        const kept = await entriesAfterFsck(folder);
        assert.deepEqual(kept.slice(0, acknowledged.length), acknowledged, `${fate} ${failing}`);
      });
    }
  }
});

test('a disk that is full and stays full loses no acknowledged entry', async () => {
  for (let full = 5; full < 120; full += 11) {
    await inFolder(async (folder) => {
      const disk = failingDisk(DISK, (_, number) => (number < full ? 'works' : 'fails-halfway'));
      const acknowledged = await appendUntilRefused(folder, disk, 50);
      const kept = await entriesAfterFsck(folder);
      assert.deepEqual(kept.slice(0, acknowledged.length), acknowledged, `full at ${full}`);
    });
  }
});

test('after a failing write the log halts and says why', () =>
  inFolder(async (folder) => {
    const disk = failingDisk(DISK, (act) => (act === 'append' ? 'fails' : 'works'));
    const writer = await openHere(folder, [], disk);
    await assert.rejects(writer.append(entry(0)), /ENOSPC/);
    await assert.rejects(writer.append(entry(1)), { code: 'log.halted' });
    await assert.rejects(writer.whenPublished(1n), { code: 'log.halted' });
    await writer.close();
  }));

test('an old copy of the log, restored, is not written to: the witness knows more', () =>
  inFolder(async (folder) => {
    const witnesses = [{ key: testWitnessKey(0), store: memoryWitnessStore() }];
    const log = join(folder, 'log');
    const first = await openHere(log, witnesses);
    await first.append(entry(0));
    await first.whenPublished(1n);
    await first.close();
    await cp(log, join(folder, 'copy'), { recursive: true });
    const second = await openHere(log, witnesses);
    await second.append(entry(1));
    await second.whenPublished(2n);
    await second.close();
    await assert.rejects(openHere(join(folder, 'copy'), witnesses), { code: 'witness.ahead' });
  }));

test('a state folder older than the published checkpoint is not written to', () =>
  inFolder(async (folder) => {
    const log = join(folder, 'log');
    const first = await openHere(log);
    await first.append(entry(0));
    await first.whenPublished(1n);
    await first.close();
    await cp(join(log, 'state'), join(folder, 'state'), { recursive: true });
    const second = await openHere(log);
    await second.append(entry(1));
    await second.whenPublished(2n);
    await second.close();
    await cp(join(folder, 'state'), join(log, 'state'), { recursive: true });
    await assert.rejects(openHere(log), { code: 'log.rolled-back' });
  }));

test('a log whose key is changed goes on with the same tree, signed by the new key', () =>
  inFolder(async (folder) => {
    const first = await openHere(folder);
    await first.append(entry(0));
    await first.whenPublished(1n);
    await first.close();
    const next = { ...TEST_LOG_KEY, seed: new Uint8Array(32).fill(9) };
    const verifier = noteVerifier(verifierKeyOf(next));
    const settings = {
      ...testSettings(await openLogFolder(folder)),
      signers: [noteSigner(next, () => 1n)],
    };
    const second = await openLog({ ...settings, ownKeys: [verifier, ...OWN_KEYS] });
    await second.append(entry(1));
    const { note } = await second.whenPublished(2n);
    await second.close();
    const { checkpoint } = openCheckpoint(note, TEST_ORIGIN, [verifier]);
    assert.equal(checkpoint.size, 2n);
    assert.throws(() => openCheckpoint(note, TEST_ORIGIN, OWN_KEYS), { code: 'note.unverified' });
    const store = await openLogFolder(folder);
    assert.deepEqual((await fsckLog(store, checkpoint)).faults, []);
    await store.close();
  }));

test('without its quorum nothing is published, and everything is once the witness is back', () =>
  inFolder(async (folder) => {
    const witnesses = [{ key: testWitnessKey(0), store: memoryWitnessStore() }];
    const settings = testSettings(await openLogFolder(folder), witnesses);
    const [witness] = settings.witnesses;
    let isAway = true;
    const failures: unknown[] = [];
    const patched: WriterSettings = {
      ...settings,
      witnesses: [
        {
          ...witness!,
          addCheckpoint: async (body) => {
            if (isAway) throw new Error('unreachable');
            return witness!.addCheckpoint(body);
          },
        },
      ],
      onWitnessFailure: (_, error) => failures.push(error),
    };
    const writer = await openLog(patched);
    await writer.append(entry(0));
    const published = writer.whenPublished(1n);
    await settings.pause(60);
    await settings.pause(60);
    assert.equal(writer.published, undefined);
    assert.ok(failures.length > 0);
    isAway = false;
    assert.equal((await published).head.size, 1n);
    await writer.close();
  }));
