import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChainHead, ChainHeads, chainOf, type TreeReader } from '@avow/log';

/** A chain's head as JSON has it. */
interface KeptHead {
  readonly index: string;
  readonly entry: ChainHead['entry'];
  readonly digest: ChainHead['digest'];
}

interface KeptHeads {
  readonly size: string;
  readonly heads: readonly KeptHead[];
}

/**
 * The heads of all chains in a tree: what is kept in `state/heads.json`, and
 * what the log has since. The file only saves time: without it, all is read.
 */
export async function chainHeads(folder: string, tree: TreeReader): Promise<ChainHeads> {
  const path = join(folder, 'state', 'heads.json');
  const heads = keptHeads(path, tree.head.size);
  while (heads.size < tree.head.size) {
    const bundle = await tree.bundle(heads.size / 256n);
    for (const entry of bundle.slice(Number(heads.size % 256n))) heads.follow(entry);
  }
  const kept: KeptHeads = {
    size: `${heads.size}`,
    heads: [...heads.heads()].map(([, { index, entry, digest }]) => ({
      index: `${index}`,
      entry,
      digest,
    })),
  };
  writeFileSync(`${path}.new`, JSON.stringify(kept));
  renameSync(`${path}.new`, path);
  return heads;
}

function keptHeads(path: string, most: bigint): ChainHeads {
  if (!existsSync(path)) return new ChainHeads();
  try {
    const { size, heads } = JSON.parse(readFileSync(path, 'utf8')) as KeptHeads;
    if (BigInt(size) > most) return new ChainHeads();
    const pairs = heads.map(
      ({ index, entry, digest }) =>
        [chainOf(entry), { index: BigInt(index), entry, digest }] as const,
    );
    return new ChainHeads(BigInt(size), pairs);
  } catch {
    return new ChainHeads();
  }
}
