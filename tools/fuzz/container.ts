/**
 * Fuzzes the container readers: node tools/fuzz/container.ts [--seconds N]
 * [--seed S] [--kind KIND]. What it finds it prints with the seed that makes it
 * again, and ends with status 1.
 *
 * Nothing but members, unread members and `Refused` may come out, in time
 * and within the limits, whatever the bytes are.
 */
import { parseArgs } from 'node:util';
import { Refused } from '@avow/bytes';
import { CONTAINER_LIMITS, type ContainerKind, openContainer } from '@avow/formats';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import { SEEDS } from './seeds.ts';

const LIMITS = {
  ...CONTAINER_LIMITS,
  maxDepth: 4,
  maxMembers: 200,
  maxMemberBytes: 1_000_000,
  maxTotalBytes: 4_000_000,
};

/** Milliseconds for one archive of some kilobytes: a hundred times what the slowest takes. */
const MAX_MILLISECONDS = 5000;

export const FUZZED: readonly ContainerKind[] = Object.keys(SEEDS) as ContainerKind[];

/** The archive of one seed: the same on every machine. */
export function archiveOf(kind: ContainerKind, seed: number): Uint8Array {
  const random = new Random(seed);
  const archive = SEEDS[kind](random);
  return random.below(2) === 0 ? archive : mutate(archive, random);
}

/** Reads an archive and throws where anything comes out that may not. */
export async function examineArchive(bytes: Uint8Array): Promise<'read' | 'refused'> {
  const started = performance.now();
  let total = 0;
  let count = 0;
  let outcome: 'read' | 'refused' = 'read';
  try {
    for await (const member of openContainer(bytes, 'archive', { limits: LIMITS })) {
      checkPath(member.path);
      if (++count > 2 * LIMITS.maxMembers) throw new Error('more members than the limit');
      if ('why' in member) continue;
      total += member.bytes.length;
      if (member.bytes.length > LIMITS.maxMemberBytes) throw new Error('a member beyond its limit');
      if (total > LIMITS.maxTotalBytes) throw new Error('more bytes than the limit');
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    outcome = 'refused';
  }
  const took = performance.now() - started;
  if (took > MAX_MILLISECONDS) throw new Error(`took ${Math.round(took)} ms`);
  return outcome;
}

/** A path can be written in a locator; an empty one is the product's own. */
function checkPath(path: string): void {
  if (path === '') return;
  const segments = path.split('!/').flatMap((part) => part.split('/'));
  if (segments.some((segment) => ['', '.', '..'].includes(segment) || segment.includes('\0'))) {
    throw new Error(`a path that no locator can have: ${JSON.stringify(path)}`);
  }
}

/** Reads the archive of one seed; what goes wrong is told with the seed. */
export async function fuzz(kind: ContainerKind, seed: number): Promise<'read' | 'refused'> {
  try {
    return await examineArchive(archiveOf(kind, seed));
  } catch (error) {
    throw new Error(`${kind}, seed ${seed}`, { cause: error });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string' }, seed: { type: 'string' }, kind: { type: 'string' } },
  });
  const kinds = FUZZED.filter((kind) => values.kind === undefined || kind === values.kind);
  if (kinds.length === 0) throw new Error(`--kind is one of ${FUZZED.join(', ')}`);
  const end = performance.now() + Number(values.seconds ?? 10) * 1000;
  const counts = { read: 0, refused: 0 };
  let seed = Number(values.seed ?? 1);
  for (; performance.now() < end; seed++) {
    for (const kind of kinds) counts[await fuzz(kind, seed)]++;
  }
  const memory = Math.round(process.resourceUsage().maxRSS / 1000);
  console.log(`${counts.read} read, ${counts.refused} refused, next seed ${seed}, ${memory} MB`);
}

if (import.meta.main) await main();
