import type { Digest, Why } from '@avow/bytes';

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
  /** What is odd about its name or entry and yet readable: links, absolute names, duplicates. */
  readonly oddities: readonly Why[];
}

/** A member that is there and could not be read. */
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
