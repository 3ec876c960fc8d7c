import type { Disk, GrowingFile } from '../log/disk.ts';

/** Names of what a disk can be asked to do, as the failing disk counts them. */
export type DiskAct =
  | 'makeFolder'
  | 'write'
  | 'rename'
  | 'syncFolder'
  | 'truncate'
  | 'remove'
  | 'openGrowing'
  | 'append'
  | 'sync';

/** What happens at a change of the disk: nothing, or a failure after part of it was done. */
export type Fate = 'works' | 'fails' | 'fails-halfway';

/**
 * A disk that may fail at any change that is asked of it.
 *
 * `fate` is asked before each, with its number from 0. A failing change does
 * nothing; one that fails halfway leaves half of the bytes, as a full disk does.
 */
export function failingDisk(disk: Disk, fate: (act: DiskAct, number: number) => Fate): Disk {
  let number = 0;
  async function act<T>(
    name: DiskAct,
    whole: () => Promise<T>,
    half: () => Promise<unknown> = async () => {},
  ): Promise<T> {
    const is = fate(name, number++);
    if (is === 'works') return whole();
    if (is === 'fails-halfway') await half();
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC' });
  }
  const halfOf = (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1);

  function failingFile(file: GrowingFile): GrowingFile {
    return {
      append: (bytes) =>
        act(
          'append',
          () => file.append(bytes),
          () => file.append(halfOf(bytes)),
        ),
      sync: () => act('sync', () => file.sync()),
      close: () => file.close(),
    };
  }

  return {
    read: (path) => disk.read(path),
    list: (path) => disk.list(path),
    makeFolder: (path) => act('makeFolder', () => disk.makeFolder(path)),
    write: (path, bytes) =>
      act(
        'write',
        () => disk.write(path, bytes),
        () => disk.write(path, halfOf(bytes)),
      ),
    rename: (from, to) => act('rename', () => disk.rename(from, to)),
    syncFolder: (path) => act('syncFolder', () => disk.syncFolder(path)),
    truncate: (path, size) => act('truncate', () => disk.truncate(path, size)),
    remove: (path) => act('remove', () => disk.remove(path)),
    openGrowing: async (path) =>
      failingFile(await act('openGrowing', () => disk.openGrowing(path))),
  };
}
