import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LogWriter, openLog } from '@avow/log';
import { openLogFolder, openWitnessFolder } from '@avow/stores';
import { testSettings, testWitnessKey } from '../packages/stores/src/contract/test-log.ts';

/** What one load gave. Times in milliseconds. */
export interface Load {
  readonly perSecond: number;
  readonly appendP99: number;
  /** From the append to the published, cosigned checkpoint that has it. */
  readonly publishedP99: number;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** Runs `work` on a new log in a new folder, with so many local witnesses that must all cosign. */
export async function withLog<T>(
  witnesses: number,
  work: (writer: LogWriter) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-bench-'));
  const stores = await Promise.all(
    Array.from({ length: witnesses }, (_, number) => openWitnessFolder(join(folder, `w${number}`))),
  );
  const keyed = stores.map((store, number) => ({ key: testWitnessKey(number), store }));
  const settings = testSettings(await openLogFolder(join(folder, 'log')), keyed);
  const writer = await openLog({ ...settings, pause: (milliseconds) => pause(milliseconds) });
  try {
    return await work(writer);
  } finally {
    await writer.close();
    for (const store of stores) await store.close();
    await rm(folder, { recursive: true });
  }
}

function entryOf(size: number): Uint8Array {
  const entry = new Uint8Array(size);
  randomFillSync(entry, 0, 16);
  return entry;
}

/** As many appends as the log takes, `outstanding` at a time. */
export async function saturate(
  writer: LogWriter,
  seconds: number,
  outstanding: number,
): Promise<Load> {
  const appends: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  async function lane(): Promise<void> {
    while (performance.now() < end) {
      const sent = performance.now();
      await writer.append(entryOf(1024));
      appends.push(performance.now() - sent);
    }
  }
  await Promise.all(Array.from({ length: outstanding }, lane));
  const took = (performance.now() - began) / 1000;
  return {
    perSecond: appends.length / took,
    appendP99: percentile(appends, 0.99),
    publishedP99: Number.NaN,
  };
}

/** Appends at a given rate, whatever the log does: late answers make no fewer requests. */
export async function pace(writer: LogWriter, seconds: number, perSecond: number): Promise<Load> {
  const appends: number[] = [];
  const published: number[] = [];
  const waiting: Promise<void>[] = [];
  const began = performance.now();
  let sentCount = 0;
  async function one(): Promise<void> {
    const sent = performance.now();
    const index = await writer.append(entryOf(1024));
    appends.push(performance.now() - sent);
    await writer.whenPublished(index + 1n);
    published.push(performance.now() - sent);
  }
  while (performance.now() - began < seconds * 1000) {
    const due = ((performance.now() - began) / 1000) * perSecond;
    for (; sentCount < due; sentCount++) waiting.push(one());
    await pause(1);
  }
  await Promise.all(waiting);
  const took = (performance.now() - began) / 1000;
  return {
    perSecond: appends.length / took,
    appendP99: percentile(appends, 0.99),
    publishedP99: percentile(published, 0.99),
  };
}

/** Appends `count` entries and gives the resident memory, in MiB, at each tenth. */
export async function memoryOver(
  writer: LogWriter,
  count: number,
  size: number,
): Promise<number[]> {
  const marks: number[] = [];
  const lanes = 4096;
  for (let done = 0; done < count; done += lanes) {
    await Promise.all(Array.from({ length: lanes }, () => writer.append(entryOf(size))));
    if (Math.floor((done * 10) / count) !== Math.floor(((done + lanes) * 10) / count)) {
      marks.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
    }
  }
  return marks;
}
