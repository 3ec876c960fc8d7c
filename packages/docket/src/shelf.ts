import type { Digest } from '@avow/bytes';
import { alarmData, alarmFingerprint } from './case/alarm.ts';
import { caseOf } from './case/case.ts';
import { nameOf } from './claim/stored.ts';
import { type Subject, SYSTEM } from './event/event.ts';
import { movedOn, type Within } from './moves.ts';
import type { Artifact, ArtifactStore, KeptStore } from './port.ts';

/** What is kept of a release, of an update, or of a folder on somebody's machine. */
export interface Shelved extends Pick<Artifact, 'target' | 'file'> {
  /** Of an archive, itself; of a folder, the list that its digest is of. */
  readonly bytes: Uint8Array;
  /** Of a folder: all its files and the targets of its links, each kept under its own digest. */
  readonly contents?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** In bytes, of a folder all its files. */
  readonly size: number;
}

/** What an artifact that is a folder has at the end of its name; no file's name can have it. */
export const FOLDER_MARK = '/';

/** A folder is somebody's copy, and no release: it is run again, and counts for nothing else. */
export function isFolder({ file }: Pick<Artifact, 'file'>): boolean {
  return file.endsWith(FOLDER_MARK);
}

/**
 * Keeps a release, an update or a folder, and raises the alarm where one number
 * has two contents: gives its case. Killed at any moment, it leaves no list
 * without its files.
 */
export async function keepArtifact(
  within: Within,
  artifacts: ArtifactStore,
  { target, file, bytes, contents = [], size }: Shelved,
): Promise<Subject | undefined> {
  const { kept, moves } = within;
  await keepAll(contents, kept);
  const digest = await kept.keep(bytes);
  const name = nameOf(target);
  await artifacts.addArtifact({ target, name, digest, file, size, at: moves.time() });
  const same = (await artifacts.artifactsNamed(name)).filter(
    (one) => one.target === target && !isFolder(one),
  );
  const digests = [...new Set(same.map((one) => one.digest))];
  return digests.length < 2 ? undefined : raiseAlarm(within, target, digests);
}

/** Files that are written at once: each waits for the disk, most of the time. */
const AT_ONCE = 16;

async function keepAll(contents: NonNullable<Shelved['contents']>, kept: KeptStore): Promise<void> {
  let pending: Promise<unknown>[] = [];
  for await (const one of contents) {
    const work = kept.keep(one);
    // Told below, with those beside it.
    work.catch(() => {});
    pending.push(work);
    if (pending.length < AT_ONCE) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
}

/** Opens the alarm, or adds to the one that is open. Asked again, it changes nothing. */
export async function raiseAlarm(
  { store, moves }: Within,
  target: string,
  contents: readonly Digest[],
): Promise<Subject> {
  const fingerprint = alarmFingerprint(target);
  const rows = () => store.list({ kind: 'case', fingerprint, limit: 1 });
  const [row] = await rows();
  const actor = SYSTEM;
  if (row === undefined) {
    return moves.numbered('case', async (id) => {
      // Another may have opened it just now.
      if ((await rows()).length > 0) throw movedOn(target);
      await moves.make(id, [{ move: 'open', actor, data: alarmData(target, contents) }]);
    });
  }
  const known = caseOf(await moves.eventsOf(row.subject));
  const more = contents.filter((one) => !known.contents.includes(one));
  const isStanding = known.state !== 'superseded' && known.state !== 'withdrawn';
  if (more.length > 0 && isStanding) {
    await moves.make(row.subject, [{ move: 'join', actor, data: { contents: more } }]);
  }
  return row.subject;
}
