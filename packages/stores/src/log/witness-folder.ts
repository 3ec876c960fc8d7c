import { join } from 'node:path';
import { originPath, type WitnessStore } from '@avow/log';
import { DISK, type Disk, makeFolders } from './disk.ts';
import { lockFile } from './lock.ts';

/** A witness's memory in a folder; other processes may not have it open too. */
export interface WitnessFolder extends WitnessStore {
  close(): Promise<void>;
}

/**
 * A witness's memory: one note a log, at `<hex of SHA-256 of the origin>/checkpoint`,
 * which is also the path of the monitoring protocol.
 *
 * Refuses `log.locked` while another process has the folder: two witnesses with
 * one key and two memories would cosign a fork.
 */
export async function openWitnessFolder(folder: string, disk: Disk = DISK): Promise<WitnessFolder> {
  await makeFolders(disk, join(folder, 'logs'));
  const lock = lockFile(join(folder, 'lock'));
  const turns = new Map<string, Promise<unknown>>();
  let temporary = 0;
  const pathOf = (origin: string) => join(folder, 'logs', originPath(origin));
  const read = (origin: string) => disk.read(join(pathOf(origin), 'checkpoint'));

  async function replaceNow(
    origin: string,
    old: Uint8Array | undefined,
    next: Uint8Array,
  ): Promise<boolean> {
    if (!isSame(await read(origin), old)) return false;
    await makeFolders(disk, pathOf(origin));
    const name = join(folder, `new-${temporary++}`);
    await disk.write(name, next);
    await disk.rename(name, join(pathOf(origin), 'checkpoint'));
    await disk.syncFolder(pathOf(origin));
    return true;
  }

  return {
    read,
    /** One at a time for each log, so that comparing and writing are one act. */
    replace: (origin, old, next) => {
      const before = turns.get(origin) ?? Promise.resolve();
      const turn = before.catch(() => {}).then(() => replaceNow(origin, old, next));
      turns.set(origin, turn);
      return turn;
    },
    close: async () => {
      await Promise.allSettled(turns.values());
      lock.release();
    },
  };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
