import type { ContainerLimits } from './member.ts';

/**
 * What one product may take. A ratio of packed to unpacked is not limited:
 * these bounds are absolute, and honest text packs a thousand times smaller.
 */
export const CONTAINER_LIMITS: ContainerLimits = {
  /** An Electron application in a ZIP in a Debian package is 3; a quine that contains itself has no end. */
  maxDepth: 8,
  /** The largest trees of real products have some 300,000 files; each costs 20 µs and 400 bytes for its header, digest and names. */
  maxMembers: 500_000,
  /** One file is held in memory whole; the largest in real products are browser engines of 250 MB. */
  maxMemberBytes: 512 * 1024 * 1024,
  /** About 15 seconds of unpacking: stops archives of kilobytes that unpack to petabytes. */
  maxTotalBytes: 4 * 1024 * 1024 * 1024,
};
