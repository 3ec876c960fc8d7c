import { Refused } from '@avow/bytes';
import { openCheckpoint, type SignedCheckpoint } from '../note/checkpoint.ts';
import { type NoteVerifier, signersOf } from '../note/note.ts';
import { type TileSource, TreeReader } from '../tile/reader.ts';
import { originPath } from '../witness/monitor.ts';

/** A log as a mirror serves it (C2SP tlog-mirror): the same tiles, under the origin's hash. */
export interface Mirrored extends SignedCheckpoint {
  readonly tree: TreeReader;
  /** The log's files there, by their own paths. */
  readonly source: TileSource;
  /** The checkpoint note as it is served, with the mirror's cosignature. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a log from a mirror, whose monitoring prefix `source` reads under.
 *
 * The mirror's own cosignature says that it durably holds every entry, so it
 * must be there: refuses `mirror.not-held` without it, `mirror.absent` when the
 * mirror has no checkpoint of this log, and what `openCheckpoint` does.
 */
export async function openMirror(
  source: TileSource,
  origin: string,
  logKeys: readonly NoteVerifier[],
  mirrorKey: NoteVerifier,
): Promise<Mirrored> {
  const prefix = originPath(origin);
  const bytes = await source.read(`${prefix}/checkpoint`);
  if (bytes === undefined) throw new Refused('mirror.absent', undefined, origin);
  const signed = openCheckpoint(bytes, origin, logKeys);
  if (signersOf(signed.note, [mirrorKey]).length === 0) {
    throw new Refused('mirror.not-held', undefined, `no cosignature of ${mirrorKey.name}`);
  }
  const under: TileSource = { read: (path) => source.read(`${prefix}/${path}`) };
  return { ...signed, tree: new TreeReader(under, signed.checkpoint), source: under, bytes };
}
