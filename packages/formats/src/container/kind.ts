import { hasTarChecksum, TAR_BLOCK } from './tar-header.ts';

/** A packed stream is read through to the archive in it: `x.tgz` is a `gzip` whose members are the tar's. */
export type ContainerKind = 'tar' | 'gzip';

/** The container that the bytes are, by content alone; undefined where they are none that is read. */
export function containerKind(bytes: Uint8Array): ContainerKind | undefined {
  if (startsWith(bytes, 0x1f, 0x8b, 0x08)) return 'gzip';
  if (isTar(bytes)) return 'tar';
  return undefined;
}

/** True where the bytes start with a tar header. */
export function isTar(bytes: Uint8Array): boolean {
  return (
    bytes.length >= TAR_BLOCK && bytes[0] !== 0 && hasTarChecksum(bytes.subarray(0, TAR_BLOCK))
  );
}

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
