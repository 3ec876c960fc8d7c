import { ByteFlow } from '@avow/bytes';
import type { Entries } from './entry.ts';
import { gunzip, gzipName } from './gzip.ts';
import type { ContainerKind } from './kind.ts';
import { readPacked, unpackedName } from './packed.ts';
import { readTar } from './tar.ts';

/**
 * The entries of one container, nested ones unopened.
 *
 * `name` names what a packed stream holds when that is no archive; at most
 * `maxBytes` are unpacked from one.
 */
export function readContainer(
  kind: ContainerKind,
  bytes: Uint8Array,
  name: string,
  maxBytes: number,
): Entries {
  switch (kind) {
    case 'tar':
      return readTar(new ByteFlow(bytes));
    case 'gzip':
      return readPacked(gunzip(bytes), gzipName(bytes) ?? unpackedName(name), maxBytes);
    default: {
      const missing: never = kind;
      throw new Error(`no reader for ${missing}`);
    }
  }
}
