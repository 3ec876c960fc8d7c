import type { Digest } from '@avow/bytes';
import type { ContainerKind, ContainerLimits, Member, UnreadMember } from '@avow/formats/container';

/** What a user named, found and pinned; its members are read on demand. */
export interface Product {
  /** What locators start with: a purl with a version, or the gitoid of a bare file. */
  readonly target: string;
  /** SHA-256 of the artifact; of a folder, that of its canonical list (docs/products.md). */
  readonly digest: Digest;
  /** Bytes of the artifact; of a folder, of all its files. */
  readonly size: number;
  readonly kind: 'folder' | 'file' | ContainerKind;
  /** Of a folder: digests of its files by path, and of links' targets, as it was opened. */
  readonly listed?: ReadonlyMap<string, Digest>;
  /** Of a folder: the list that its digest is of (docs/formats/folder.md). */
  readonly list?: () => Uint8Array;
  /** Of a folder: bytes of each distinct file and of each link's target, as they were listed. */
  readonly contents?: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** The artifact itself, as it was opened; a folder has none. */
  readonly artifact?: () => Uint8Array;
  /** Members in archive order; a folder's by path. May be called again: each call reads anew. */
  members(): AsyncGenerator<Member | UnreadMember>;
}

export interface ProductOptions {
  /** Where relative paths start and the package manager reads its project configuration. */
  readonly folder: string;
  readonly limits?: ContainerLimits;
  /** Told what is being done, for a person who waits: `fetching axios@1.7.2`. */
  readonly onProgress?: (step: string) => void;
  /** Stops a fetch. */
  readonly signal?: AbortSignal;
}
