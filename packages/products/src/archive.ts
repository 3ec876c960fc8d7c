import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { type Digest, digestOf } from '@avow/bytes';
import {
  CONTAINER_LIMITS,
  type ContainerKind,
  type ContainerLimits,
  containerKind,
  type FileEntry,
  isUnread,
  openContainer,
  openFolder,
  readContainer,
} from '@avow/formats';
import { readWholeFile } from './disk.ts';
import { genericTarget, npmManifest, npmTarget } from './identity.ts';
import type { Product, ProductOptions } from './product.ts';

/** An archive of any kind that is read, or a bare file, from the disk. */
export async function openFileProduct(path: string, options: ProductOptions): Promise<Product> {
  const limits = options.limits ?? CONTAINER_LIMITS;
  const file = resolve(options.folder, path);
  const bytes = readWholeFile(file, limits.maxTotalBytes);
  return productOfBytes(bytes, basename(file), limits);
}

/** A product whose artifact is `bytes`, known as `name`. */
export async function productOfBytes(
  bytes: Uint8Array,
  name: string,
  limits: ContainerLimits,
): Promise<Product> {
  const kind = containerKind(bytes);
  const digest = digestOf(bytes);
  if (kind === undefined) return bareFile(bytes, name, digest, limits);
  const manifest = await packageManifest(kind, bytes, name, limits);
  return {
    target: manifest === undefined ? genericTarget(name, digest) : npmTarget(manifest),
    digest,
    size: bytes.length,
    kind,
    members: () => openContainer(bytes, name, { limits, isNpmPackage: manifest !== undefined }),
  };
}

function bareFile(
  bytes: Uint8Array,
  name: string,
  digest: Digest,
  limits: ContainerLimits,
): Product {
  const entry: FileEntry = {
    name,
    size: bytes.length,
    offset: 0,
    oddities: [],
    read: () => bytes,
  };
  return {
    target: gitoid(bytes),
    digest,
    size: bytes.length,
    kind: 'file',
    members: () => openFolder([entry], limits),
  };
}

/** The gitoid of bytes: SHA-256 of `blob`, their count and NUL, then the bytes (IANA URI scheme `gitoid`). */
function gitoid(bytes: Uint8Array): string {
  const hash = createHash('sha256').update(`blob ${bytes.length}\0`).update(bytes);
  return `gitoid:blob:sha256:${hash.digest('hex')}`;
}

/** The `package.json` in the first folder of an npm package's tarball, found without reading the rest. */
async function packageManifest(
  kind: ContainerKind,
  bytes: Uint8Array,
  name: string,
  limits: ContainerLimits,
): Promise<{ name: string; version: string } | undefined> {
  if (kind !== 'gzip' && kind !== 'tar') return undefined;
  try {
    for await (const entry of readContainer(kind, bytes, name, limits.maxTotalBytes)) {
      if (isUnread(entry) || !/^(\.\/)?[^/]+\/package\.json$/.test(entry.name)) continue;
      if ((entry.size ?? 0) > limits.maxMemberBytes) return undefined;
      return npmManifest(await entry.read(limits.maxMemberBytes));
    }
  } catch {
    // What cannot be read is reported when the members are.
  }
  return undefined;
}
