import { isAr, isDeb } from './ar.ts';
import { isAsar } from './asar.ts';
import { hasTarChecksum, TAR_BLOCK } from './tar-header.ts';
import { endsAsZip } from './zip-end.ts';

/**
 * What kind of container: `gzip`, `xz` and `zstd` are read through to the tar
 * in them, if one is; `zip` covers VSIX, XPI, JAR, wheels and all else that is one.
 */
export type ContainerKind = 'tar' | 'gzip' | 'xz' | 'zstd' | 'zip' | 'crx' | 'asar' | 'ar' | 'deb';

/**
 * The container that the bytes are, by content alone; undefined where they are
 * none that is read.
 *
 * What starts otherwise and ends as a ZIP is one: a self-extracting archive is
 * a program and a container at once.
 */
export function containerKind(bytes: Uint8Array): ContainerKind | undefined {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return 'zip';
  if (startsWith(bytes, 0x1f, 0x8b, 0x08)) return 'gzip';
  if (startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (startsWith(bytes, 0x43, 0x72, 0x32, 0x34)) return 'crx';
  if (isAr(bytes)) return isDeb(bytes) ? 'deb' : 'ar';
  if (isAsar(bytes)) return 'asar';
  if (isTar(bytes)) return 'tar';
  if (startsWith(bytes, 0x50, 0x4b, 0x05, 0x06) || endsAsZip(bytes)) return 'zip';
  return undefined;
}

/** True where the bytes start with a tar header. */
export function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < TAR_BLOCK || bytes[0] === 0) return false;
  return hasTarChecksum(bytes.subarray(0, TAR_BLOCK));
}

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
