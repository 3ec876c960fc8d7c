import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  noteVerifier,
  openCheckpoint,
  openMirror,
  parseVerifierKey,
  type SignedCheckpoint,
  type TileSource,
  TreeReader,
} from '@avow/log';
import { UsageError } from '../../errors.ts';
import { readLogConfig } from './config.ts';
import { httpSource, isUrl } from './remote.ts';

/** A log to read: its folder on this machine, or its URL. */
export interface ReadLog extends SignedCheckpoint {
  readonly source: TileSource;
  readonly tree: TreeReader;
  /** The checkpoint note as it is served. */
  readonly bytes: Uint8Array;
}

/**
 * Opens a log and verifies its checkpoint. A URL needs the log's key, by
 * `--key`: what a server says of itself proves nothing. With the key of a
 * mirror, `log` is where that mirror serves the logs that it holds.
 */
export async function readLog(log: string, key?: string, mirrorKey?: string): Promise<ReadLog> {
  const keys = keysOf(log, key);
  if (mirrorKey !== undefined) {
    const files = isUrl(log) ? httpSource(log) : folderSource(log);
    const mirror = noteVerifier(parseVerifierKey(mirrorKey));
    return openMirror(files, keys[0]!.name, keys.map(noteVerifier), mirror);
  }
  const source = isUrl(log) ? httpSource(log) : folderSource(join(log, 'public'));
  const bytes = await source.read('checkpoint');
  if (bytes === undefined) {
    throw new UsageError(`${log} has no checkpoint`, 'a log without its quorum publishes none');
  }
  const signed = openCheckpoint(bytes, keys[0]!.name, keys.map(noteVerifier));
  return { ...signed, source, tree: new TreeReader(source, signed.checkpoint), bytes };
}

function keysOf(log: string, key: string | undefined) {
  if (key !== undefined) return [parseVerifierKey(key)];
  if (!isUrl(log)) return readLogConfig(log).publicKeys;
  throw new UsageError(
    'the key of a log at a URL must be given',
    'add --key, as avow log init printed it',
  );
}

/** Files under a folder; paths come from tile numbers, never from a product. */
export function folderSource(folder: string): TileSource {
  return {
    read: async (path) => {
      try {
        const bytes = await readFile(join(folder, path));
        return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw error;
      }
    },
  };
}
