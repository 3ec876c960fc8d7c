import type { Digest, Why } from '@avow/bytes';
import type { ContainerKind } from './kind.ts';

/** One file inside a product, at any depth of containers. */
export interface Member {
  /**
   * Decoded, with `/` between segments and `!/` where a nested container is
   * entered: `resources/app.asar!/dist/main.js`. Compared as text; it never
   * touches a disk.
   */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Where its data starts in the innermost container, in bytes; undefined for a folder's file. */
  readonly offset: number | undefined;
  /** What a link points to, as stored; a link is not followed, and `bytes` is empty. */
  readonly link?: string;
  /** It is a container of this kind; its members come next, each under `path` and `!/`. */
  readonly container?: ContainerKind;
  /** What is odd about its name or entry and yet readable: links, absolute names, duplicates. */
  readonly oddities: readonly Why[];
}

/**
 * Something that is there and could not be read: a member, or what is inside a
 * container (then `path` is the container's own, and empty for the product itself).
 */
export interface UnreadMember {
  readonly path: string;
  readonly size: number | undefined;
  readonly offset: number | undefined;
  readonly why: Why;
}

/** Limits that hold for one product; a limit that is hit is reported as `container.limit-*`. */
export interface ContainerLimits {
  /** Containers within containers; the product itself is depth 0. */
  readonly maxDepth: number;
  readonly maxMembers: number;
  /** Bytes of one member, unpacked. */
  readonly maxMemberBytes: number;
  /** Bytes of all members together, unpacked. */
  readonly maxTotalBytes: number;
}
