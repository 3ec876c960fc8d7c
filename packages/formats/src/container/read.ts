import { ByteFlow } from '@avow/bytes';
import { readAr } from './ar.ts';
import { readAsar } from './asar.ts';
import { readCrx } from './crx.ts';
import { readDeb } from './deb.ts';
import type { Entries } from './entry.ts';
import type { ContainerKind } from './kind.ts';
import { readPacked } from './packed.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

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
    case 'xz':
    case 'zstd':
      return readPacked(kind, bytes, name, maxBytes);
    case 'zip':
      return readZip(bytes);
    case 'crx':
      return readCrx(bytes);
    case 'asar':
      return readAsar(bytes);
    case 'ar':
      return readAr(bytes);
    case 'deb':
      return readDeb(bytes, maxBytes);
    default: {
      const missing: never = kind;
      throw new Error(`no reader for ${missing}`);
    }
  }
}
