import { setImmediate } from 'node:timers/promises';
import type { CatalogueLists } from '@avow/stores/catalogue';

/** One record that two updates do not have alike, by the numbers it has there. */
export type RecordChange =
  | { readonly change: 'added'; readonly now: number }
  | { readonly change: 'removed'; readonly old: number }
  | { readonly change: 'changed'; readonly old: number; readonly now: number };

export interface RecordChanges {
  readonly counts: Readonly<Record<RecordChange['change'] | 'same', number>>;
  /** In the order of ids; the first `MAX_LISTED` of them. */
  readonly listed: readonly RecordChange[];
}

/** Of two databases that have nothing in common each record would be kept: nobody reads on that far. */
const MAX_LISTED = 100_000;
/** Rows that are asked for at once: others who ask wait no longer than for these. */
const STEP = 2_000;

type Row = { readonly number: number; readonly id: string; readonly digest: string };

/**
 * Holds two updates against each other, record by record. The same id with
 * other content is a change; of ids that stand more than once, equal contents
 * are taken out first. Records without an id are the same by their content
 * alone. Where a record stands in its file is no difference.
 */
export async function recordChanges(
  lists: CatalogueLists,
  old: number,
  now: number,
): Promise<RecordChanges> {
  const counts = { added: 0, removed: 0, changed: 0, same: 0 };
  const listed: RecordChange[] = [];
  const [before, after] = [groupsOf(lists, old), groupsOf(lists, now)];
  let [left, right] = [await before.next(), await after.next()];
  while (left.done !== true || right.done !== true) {
    const order = orderOf(left, right);
    const gone = order <= 0 ? (left.value as readonly Row[]) : [];
    const come = order >= 0 ? (right.value as readonly Row[]) : [];
    const found = held(gone, come);
    counts.same += found.same;
    for (const one of found.changes) {
      counts[one.change]++;
      if (listed.length < MAX_LISTED) listed.push(one);
    }
    if (order <= 0) left = await before.next();
    if (order >= 0) right = await after.next();
  }
  return { counts, listed };
}

/** Records of one id after the other. */
async function* groupsOf(lists: CatalogueLists, update: number): AsyncGenerator<readonly Row[]> {
  let group: Row[] = [];
  let last: Row | undefined;
  for (;;) {
    const rows: readonly Row[] = await lists.updated.recordsById(update, last, STEP);
    for (const row of rows) {
      if (group.length > 0 && group[0]!.id !== row.id) {
        yield group;
        group = [];
      }
      group.push(row);
    }
    last = rows.at(-1);
    // SQLite answers within the turn: without a pause nobody else would be answered before the end.
    await setImmediate();
    if (rows.length < STEP) break;
  }
  if (group.length > 0) yield group;
}

type Step = IteratorResult<readonly Row[], unknown>;

/** Below zero where the left is to be taken first. Ids are in the order of their UTF-8 bytes. */
function orderOf(left: Step, right: Step): number {
  if (left.done === true) return 1;
  if (right.done === true) return -1;
  const [a, b] = [left.value[0]!.id, right.value[0]!.id];
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function held(
  gone: readonly Row[],
  come: readonly Row[],
): { same: number; changes: readonly RecordChange[] } {
  // Nearly every record of nearly every update.
  if (gone.length === 1 && come.length === 1 && gone[0]!.digest === come[0]!.digest) {
    return { same: 1, changes: [] };
  }
  const [onlyOld, onlyNew] = [beyond(gone, come), beyond(come, gone)];
  const isNameless = (gone[0] ?? come[0])?.id === '';
  const pairs = isNameless ? 0 : Math.min(onlyOld.length, onlyNew.length);
  return {
    same: gone.length - onlyOld.length,
    changes: [
      ...onlyOld.slice(0, pairs).map(({ number: old }, at) => {
        return { change: 'changed' as const, old, now: onlyNew[at]!.number };
      }),
      ...onlyOld.slice(pairs).map(({ number: old }) => ({ change: 'removed' as const, old })),
      ...onlyNew.slice(pairs).map(({ number: now }) => ({ change: 'added' as const, now })),
    ],
  };
}

/** Rows whose content the others do not have, or not as often. */
function beyond(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  const left = new Map<string, number>();
  for (const { digest } of others) left.set(digest, (left.get(digest) ?? 0) + 1);
  return rows.filter(({ digest }) => {
    const count = left.get(digest) ?? 0;
    left.set(digest, count - 1);
    return count <= 0;
  });
}
