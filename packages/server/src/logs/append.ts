import type { Digest } from '@avow/bytes';
import type { TreeReader } from '@avow/log';

/** A log that verdicts are appended to: whoever starts the service says how it is reached. */
export interface LogAppender {
  /** Keeps a document beside the log. */
  keep(artifact: Uint8Array): Promise<Digest>;
  append(entry: Uint8Array): Promise<bigint>;
  /** The published checkpoint and its tree, once it has `size` entries. */
  published(size: bigint): Promise<{ readonly note: Uint8Array; readonly tree: TreeReader }>;
  close(): Promise<void>;
}

export type OpenAppender = () => Promise<LogAppender>;

/** Entries before the end in which an attempt looks for what one before it appended. */
const TAIL = 4_096n;

/** Appends what is not among the latest entries yet; gives the numbers of all, once they are published. */
export async function appendOnce(
  log: LogAppender,
  entries: readonly Uint8Array[],
): Promise<readonly bigint[]> {
  const known = await tailOf((await log.published(0n)).tree);
  const numbers: bigint[] = [];
  let last = -1n;
  for (const entry of entries) {
    const number = known.get(keyOf(entry)) ?? (await log.append(entry));
    if (number > last) last = number;
    numbers.push(number);
  }
  await log.published(last + 1n);
  return numbers;
}

async function tailOf(tree: TreeReader): Promise<ReadonlyMap<string, bigint>> {
  const { size } = tree.head;
  const known = new Map<string, bigint>();
  for (let index = size > TAIL ? size - TAIL : 0n; index < size; index++) {
    known.set(keyOf(await tree.entry(index)), index);
  }
  return known;
}

function keyOf(entry: Uint8Array): string {
  return Buffer.from(entry).toString('latin1');
}
