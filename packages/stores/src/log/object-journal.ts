/** A batch in the journal, as its name tells it. */
export interface JournalName {
  /** Number of its first entry. */
  readonly first: bigint;
  /** Number behind its last. */
  readonly end: bigint;
  /** Which writer wrote it: one more with each. */
  readonly epoch: number;
}

export interface Journalled extends JournalName {
  /** Entries from this number on are another writer's. */
  readonly counted: bigint;
}

/** Where a writer began. */
export interface Beginning {
  readonly epoch: number;
  readonly first: bigint;
}

/** Digits of 2^64, so that names sort as numbers do. */
const DIGITS = 20;
const NAME = /^journal\/(\d{20})-(\d{20})-(\d{1,15})$/;

export function journalName({ first, end, epoch }: JournalName): string {
  const digits = (number: bigint) => number.toString().padStart(DIGITS, '0');
  return `journal/${digits(first)}-${digits(end)}-${epoch}`;
}

/**
 * The batches that count, in order, out of the names that are there. A writer
 * that was stopped may leave one behind the start of the next: where two have
 * the same number the later writer's counts, and of an earlier one nothing from
 * where a later one began. Such a batch was never acknowledged.
 */
export function journalOf(names: readonly string[], last: Beginning | undefined): Journalled[] {
  const all = [...names].sort().flatMap((name) => {
    const found = NAME.exec(name);
    if (found === null) return [];
    return [{ first: BigInt(found[1]!), end: BigInt(found[2]!), epoch: Number(found[3]) }];
  });
  const epochs = [...new Set(all.map(({ epoch }) => epoch))].sort((one, other) => other - one);
  const counted: Journalled[] = [];
  let limit: bigint | undefined;
  for (const epoch of epochs) {
    if (last !== undefined && epoch < last.epoch && (limit === undefined || last.first < limit)) {
      limit = last.first;
    }
    // Sorted as the names are: its first is where it began.
    const own = all.filter((one) => one.epoch === epoch);
    for (const one of own) {
      if (limit !== undefined && one.first >= limit) continue;
      const isCut = limit !== undefined && one.end > limit;
      counted.push({ ...one, counted: isCut ? limit! : one.end });
    }
    const [{ first }] = own as [JournalName];
    if (limit === undefined || first < limit) limit = first;
  }
  return counted.sort((one, other) => (one.first < other.first ? -1 : 1));
}
