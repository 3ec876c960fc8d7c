import type { Digest } from '@avow/bytes';
import { Refused } from '@avow/bytes';
import { compareVersions } from '@avow/declare';
import type { Examination, ExaminedDatabase, RecordGroup } from '@avow/examine';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import { may } from '../access/may.ts';
import type { Api } from '../app/api.ts';
import type { Loaded } from '../app/call.ts';
import { recordChanges as contract, type recordChangeSet } from '../contract/changes.ts';
import { updates } from '../contract/updates.ts';
import { diffThatIsThere, updatesKey } from '../diffs/kept.ts';
import type { ChangePorts } from './changes.ts';
import { type RecordChange, type RecordChanges, recordChanges } from './record-changes.ts';
import { factsOf, viewerOf } from './routes.ts';
import { given, shownRecord, shownUpdate } from './shown.ts';

type Answer = z.output<typeof recordChangeSet>;
type Update = NonNullable<Awaited<ReturnType<CatalogueLists['updated']['update']>>>;

/** Of a database with more releases the latest are looked through. */
const MOST_BESIDE = 200;

/** Comparisons are of updates that never change: the latest are kept, the oldest go first. */
const MOST_KEPT = 8;

/** One update, and what it has that another has not. */
export function answerUpdates(api: Api, ports: ChangePorts): void {
  const { lists, objects } = ports;
  const kept = new Map<string, Promise<RecordChanges>>();
  const compared = (old: number, now: number, account?: string): Promise<RecordChanges> => {
    const key = `${old} ${now}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = diffThatIsThere<RecordChanges>(ports, updatesKey(old, now), account).then(
      (known) => known ?? recordChanges(lists, old, now),
    );
    found.catch(() => kept.delete(key));
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
    kept.set(key, found);
    return found;
  };
  const databaseOf = async ({ release, path }: Update): Promise<ExaminedDatabase | undefined> => {
    const document = (await lists.release(release))?.document;
    const bytes = document == null ? undefined : await objects.read(document as Digest);
    if (bytes === undefined) return undefined;
    const { databases } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Examination;
    return databases.find((one) => one.path === path);
  };
  api.answer(updates.read, {
    object: async ({ params }) => updateOf(lists, params.update),
    handle: async ({ identity }, update) => {
      const options = { viewer: viewerOf(identity), limit: MOST_BESIDE };
      const before = lastBefore(update.version, await lists.updated.updatesBeside(update, options));
      return {
        ...shownUpdate(update),
        product: update.product,
        ...given('before', before && shownUpdate(before)),
      };
    },
  });
  api.answer(contract.read, {
    object: async ({ params }) => updateOf(lists, params.update),
    handle: async ({ params, query, identity }, now): Promise<Answer> => {
      const old = await updateOf(lists, params.before);
      if (old === undefined || may(identity, 'release.read', old.facts) !== 'yes') {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      const found = await compared(old.value.number, now.number, accountOf(identity));
      const [before, after] = [await databaseOf(old.value), await databaseOf(now)];
      const { change, from, limit } = query;
      const of = found.listed.filter((one) => change === undefined || one.change === change);
      const total = Object.values({ ...found.counts, same: 0 }).reduce((sum, one) => sum + one, 0);
      return {
        old: shownUpdate(old.value),
        now: shownUpdate(now),
        does: groupChanges(before?.does ?? [], after?.does ?? []),
        counts: found.counts,
        items: await shown(lists, of.slice(from, from + limit)),
        isCut: total > found.listed.length,
        ...given('next', limit > 0 && from + limit < of.length ? from + limit : undefined),
      };
    },
  });
}

/** The highest version below; in whatever order releases came here. */
function lastBefore<Beside extends { readonly version: string }>(
  version: string,
  all: readonly Beside[],
): Beside | undefined {
  return all
    .filter((one) => compareVersions(one.version, version) < 0)
    .sort((one, other) => compareVersions(other.version, one.version))[0];
}

export async function updateOf(
  lists: CatalogueLists,
  number: number,
): Promise<Loaded<Update> | undefined> {
  const value = await lists.updated.update(number);
  const release = value && (await lists.release(value.release));
  return value && release && { value, facts: factsOf(release) };
}

async function shown(
  lists: CatalogueLists,
  changes: readonly RecordChange[],
): Promise<Answer['items']> {
  const numbers = changes.flatMap((one) => [
    ...('old' in one ? [one.old] : []),
    ...('now' in one ? [one.now] : []),
  ]);
  const rows = await lists.updated.recordsNumbered(numbers);
  const byNumber = new Map(rows.map((row) => [row.number, shownRecord(row)]));
  return changes.map((one) => ({
    change: one.change,
    ...given('old', 'old' in one ? byNumber.get(one.old) : undefined),
    ...given('now', 'now' in one ? byNumber.get(one.now) : undefined),
  }));
}

/** What records do in one update more or less often than in another: what is new first, then what is gone, then by how grave it is. */
function groupChanges(
  before: readonly RecordGroup[],
  after: readonly RecordGroup[],
): Answer['does'] {
  const old = new Map(before.map((group) => [keyOf(group), group]));
  const now = new Map(after.map((group) => [keyOf(group), group]));
  const keys = [...new Set([...now.keys(), ...old.keys()])];
  return keys
    .flatMap((key) => {
      const { reach: _, count: __, ...group } = now.get(key) ?? old.get(key)!;
      const counts = { old: old.get(key)?.count ?? 0, now: now.get(key)?.count ?? 0 };
      return counts.old === counts.now ? [] : [{ ...group, ...counts }];
    })
    .sort((one, other) => orderOf(one) - orderOf(other));
}

function keyOf(group: RecordGroup): string {
  const { target, action, visibility, destination, recipient, carries, reach, label } = group;
  return JSON.stringify([
    target,
    action,
    visibility,
    destination,
    recipient,
    carries,
    reach,
    label,
  ]);
}

/** Groups come most confidential first, and the sort keeps that order. */
function orderOf({ old, now }: { readonly old: number; readonly now: number }): number {
  if (old === 0) return 0;
  return now === 0 ? 1 : 2;
}
