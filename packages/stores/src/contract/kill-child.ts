/**
 * A writer that works until it is killed: it prints `ready`, then a line
 * `ack <index> <text>` for each entry once it is acknowledged, and
 * `out <size> <root>` for each checkpoint that it sees published.
 *
 * Arguments: folder of the log, folder of its witness, a word that is new for
 * each run, and perhaps a step and how many times to pass it before the process
 * kills itself there.
 */
import { writeSync } from 'node:fs';
import { base64Of } from '@avow/bytes';
import { openLog } from '@avow/log';
import { DISK } from '../log/disk.ts';
import { openLogFolder } from '../log/folder.ts';
import { openWitnessFolder } from '../log/witness-folder.ts';
import { failingDisk } from './failing-disk.ts';
import { testSettings, testWitnessKey } from './test-log.ts';

const [logFolder = '', witnessFolder = '', run = '', killAt = '', passes = '0'] =
  process.argv.slice(2);
let left = Number(passes);

/** SIGKILL to itself: no handler runs, nothing is flushed. */
function passed(step: string): void {
  if (step !== killAt || left-- > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered before this ends.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}

const disk = failingDisk(DISK, (act) => {
  passed(`before-${act}`);
  return 'works';
});
const witnesses = [{ key: testWitnessKey(0), store: await openWitnessFolder(witnessFolder) }];
const store = await openLogFolder(logFolder, disk);
const writer = await openLog(testSettings(store, witnesses, passed));
writeSync(1, 'ready\n');

async function appendForever(lane: number): Promise<void> {
  for (let number = 0; ; number++) {
    const text = `${run}-${lane}-${number}`.padEnd(20 + ((lane * 131 + number * 37) % 900), '.');
    const index = await writer.append(new TextEncoder().encode(text));
    writeSync(1, `ack ${index} ${text}\n`);
  }
}

async function watchForever(): Promise<void> {
  for (let size = writer.size; ; size++) {
    const { head } = await writer.whenPublished(size);
    writeSync(1, `out ${head.size} ${base64Of(head.root)}\n`);
    size = head.size;
  }
}

await Promise.all([watchForever(), ...Array.from({ length: 8 }, (_, lane) => appendForever(lane))]);
