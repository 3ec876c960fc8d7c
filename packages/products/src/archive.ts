import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { type Digest, digestOf } from '@avow/bytes';
import {
  CONTAINER_LIMITS,
  type ContainerLimits,
  containerKind,
  type FileEntry,
  openContainer,
  openFolder,
} from '@avow/formats/container';
import { readWholeFile } from './disk.ts';
import { identify } from './identity.ts';
import type { Product, ProductOptions } from './product.ts';
import { genericTarget } from './purl.ts';

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
  limits: ContainerLimits = CONTAINER_LIMITS,
): Promise<Product> {
  const kind = containerKind(bytes);
  const digest = digestOf(bytes);
  if (kind === undefined) return bareFile(bytes, name, digest, limits);
  const identity = await identify({ kind, bytes, name, limits });
  const isNpmPackage = identity?.isNpmPackage === true;
  return {
    target: identity?.target ?? genericTarget(name, digest),
    digest,
    size: bytes.length,
    kind,
    artifact: () => bytes,
    members: () => openContainer(bytes, name, { limits, isNpmPackage }),
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
    offset: undefined,
    oddities: [],
    read: () => bytes,
  };
  return {
    target: gitoid(bytes),
    digest,
    size: bytes.length,
    kind: 'file',
    artifact: () => bytes,
    members: () => openFolder([entry], limits),
  };
}

/** SHA-256 of `blob`, the count of bytes and NUL, then the bytes, as Git names them (URI scheme `gitoid`). */
function gitoid(bytes: Uint8Array): string {
  const hash = createHash('sha256').update(`blob ${bytes.length}\0`).update(bytes);
  return `gitoid:blob:sha256:${hash.digest('hex')}`;
}
