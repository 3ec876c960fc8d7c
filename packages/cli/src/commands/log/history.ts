import type { Digest } from '@avow/bytes';
import { Refused } from '@avow/bytes';
import {
  type ChainedEntry,
  entryIn,
  isChained,
  isSameHash,
  type ReleaseEntry,
  TileEdge,
  type TreeReader,
} from '@avow/log';
import { chainedIn } from './append.ts';

/** One chained entry of the log with its number and bytes. */
export interface LoggedEntry {
  readonly index: bigint;
  readonly bytes: Uint8Array;
  readonly entry: ChainedEntry;
  readonly digest: Digest;
}

/** All that a log says of one product on one channel, and every verdict. */
export interface History {
  readonly chained: readonly LoggedEntry[];
  readonly verdicts: readonly Uint8Array[];
  readonly releases: readonly ReleaseEntry[];
  /** `PRODUCT on CHANNEL` of each chain in the log, wanted or not, in the order they begin. */
  readonly chains: readonly string[];
}

/**
 * Reads a whole log and gives what it says of a product, in order; of every
 * product when `isWanted` says so.
 *
 * Refuses `proof.mismatch` when the entries do not lead to the signed root: an
 * entry left out by the server would else be unseen.
 */
export async function historyOf(
  tree: TreeReader,
  isWanted: (entry: ChainedEntry) => boolean,
): Promise<History> {
  const edge = new TileEdge();
  const chained: LoggedEntry[] = [];
  const verdicts: Uint8Array[] = [];
  const releases: ReleaseEntry[] = [];
  const chains = new Set<string>();
  while (edge.size < tree.head.size) {
    for (const bytes of await tree.bundle(edge.size / 256n)) {
      const index = edge.size;
      edge.append(bytes);
      const entry = entryIn(bytes);
      if (entry?.type === 'verdict') verdicts.push(bytes);
      if (entry === undefined || !isChained(entry)) continue;
      chains.add(`${entry.product} on ${entry.channel}`);
      if (!isWanted(entry)) continue;
      if (entry.type === 'release') releases.push(entry);
      chained.push({ index, bytes, ...chainedIn(bytes)! });
    }
    edge.takeFull();
  }
  if (!isSameHash(edge.root(), tree.head.root)) {
    throw new Refused(
      'proof.mismatch',
      undefined,
      'the entries served do not lead to the signed root',
    );
  }
  return { chained, verdicts, releases, chains: [...chains] };
}
