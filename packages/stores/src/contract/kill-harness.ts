import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bytesOfBase64, utf8Text } from '@avow/bytes';
import {
  fsckLog,
  noteVerifier,
  openCheckpoint,
  openLog,
  TreeReader,
  verifierKeyOf,
  WRITE_STEPS,
} from '@avow/log';
import { openLogFolder } from '../log/folder.ts';
import { openWitnessFolder } from '../log/witness-folder.ts';
import { TEST_LOG_KEY, TEST_ORIGIN, testSettings, testWitnessKey } from './test-log.ts';

/** Where a run is killed: after a time in milliseconds, or at a named step, passed that often before. */
export type KillAt =
  | { readonly after: number }
  | { readonly step: string; readonly passes: number };

/** Every step at which a process can be killed: those of the write path, and each act of the disk. */
export const KILL_STEPS: readonly string[] = [
  ...WRITE_STEPS.map(({ step }) => step),
  'before-append',
  'before-sync',
  'before-write',
  'before-rename',
  'before-syncFolder',
  'before-openGrowing',
  'before-makeFolder',
  'before-remove',
];

/** What has been promised to the world by all runs so far. */
export class Promises {
  readonly acknowledged = new Map<bigint, string>();
  readonly published = new Map<bigint, string>();

  take(line: string): void {
    const [word, number = '', text = ''] = line.split(' ');
    const size = BigInt(/^\d+$/.test(number) ? number : 0);
    if (word === 'ack') {
      assert.ok(!this.acknowledged.has(size), `entry ${size} was acknowledged twice`);
      this.acknowledged.set(size, text);
    }
    if (word === 'out') {
      assert.equal(this.published.get(size) ?? text, text, `two roots for ${size} entries`);
      this.published.set(size, text);
    }
  }
}

const CHILD = join(import.meta.dirname, 'kill-child.ts');

/** Runs a writer until it is killed. Rejects when it ends in any other way. */
export async function runAndKill(
  folder: string,
  run: string,
  at: KillAt,
  promises: Promises,
): Promise<void> {
  const step = 'step' in at ? [at.step, `${at.passes}`] : [];
  const child = spawn(
    process.execPath,
    [CHILD, join(folder, 'log'), join(folder, 'witness'), run, ...step],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      promises.take(line);
      if (line === 'ready' && 'after' in at) setTimeout(() => child.kill('SIGKILL'), at.after);
    }
  });
  // A step that a run does not come to (an idle journal segment, say) must not hang it.
  const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  clearTimeout(deadline);
  assert.equal(signal, 'SIGKILL', `the writer ended by itself: ${errors}`);
}

/**
 * Restarts the log and holds it against all promises: every acknowledged entry
 * at its number, every published checkpoint the beginning of the tree, and
 * every tile what the entries make of it. Gives the log's size.
 */
export async function holdToPromises(folder: string, promises: Promises): Promise<bigint> {
  const witness = await openWitnessFolder(join(folder, 'witness'));
  const store = await openLogFolder(join(folder, 'log'));
  const writer = await openLog(testSettings(store, [{ key: testWitnessKey(0), store: witness }]));
  const { note } = await writer.whenPublished(writer.size);
  const keys = [noteVerifier(verifierKeyOf(TEST_LOG_KEY))];
  const { checkpoint } = openCheckpoint(note, TEST_ORIGIN, keys);
  let found = 0;
  const report = await fsckLog(store, checkpoint, undefined, (index, entry) => {
    const promised = promises.acknowledged.get(index);
    if (promised === undefined) return;
    found++;
    assert.equal(utf8Text(entry), promised, `entry ${index} is another`);
  });
  assert.deepEqual(report.faults, []);
  assert.equal(found, promises.acknowledged.size, 'acknowledged entries are missing');
  const tree = new TreeReader(store, checkpoint);
  for (const [size, root] of promises.published) {
    await tree.consistency({ size, root: bytesOfBase64(root)! });
  }
  await writer.close();
  await witness.close();
  return checkpoint.size;
}
