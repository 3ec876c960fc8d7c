import type { Why } from '@avow/bytes';
import {
  CLAMAV_TRUST,
  type ClamTrust,
  type DatabaseRecord,
  databasesIn,
  type FoundDatabase,
  isCvd,
  type ProductMember,
} from '@avow/formats/record';
import { digestOfDatabase, recordsOf } from '../examine.ts';
import type { Sight } from '../sight.ts';
import {
  CHANGE_KINDS,
  type ChangeKind,
  type DatabaseChange,
  type DatabaseSide,
  type RecordChange,
  type RecordDiff,
} from './change.ts';
import { Comparison } from './compare.ts';
import { deltaOf } from './delta.ts';
import { Leftovers } from './leftovers.ts';
import { makersDiff } from './script.ts';

/**
 * What changed between two updates, record by record: first what the records
 * do now that they did not, then each record with the class of its change.
 *
 * A record whose bytes stand in both updates is unchanged wherever its line
 * has gone; only the others are compared, so that two lists of 600,000 cost
 * little more than reading them.
 */
export function diffDatabases(
  before: readonly ProductMember[],
  after: readonly ProductMember[],
  sight: Sight,
  { trust = CLAMAV_TRUST, beside = [] }: DiffOptions = {},
): RecordDiff {
  const olds = withoutScripts(databasesIn(before, trust));
  const news = withoutScripts(databasesIn(after, trust));
  const scripts = [...before, ...after, ...beside];
  const databases = pairsOf(olds, news).map(([old, now]) => {
    const change = diffPair(old, now, new Comparison(sight));
    const [one, other] = [bytesOf(old, before), bytesOf(now, after)];
    if (one === undefined || other === undefined) return change;
    const script = makersDiff([old!, one], [now!, other], scripts, trust);
    return script === undefined ? change : { ...change, script };
  });
  const changes = databases.flatMap((database) => database.changes);
  return {
    databases,
    delta: deltaOf(changes),
    totals: totalsOf(changes),
    alarms: databases.flatMap(alarmOf),
  };
}

export interface DiffOptions {
  readonly trust?: ClamTrust;
  /** Files that are of neither and may hold the maker's own scripts from one to the other. */
  readonly beside?: readonly ProductMember[];
}

/** Beside a database, a maker's script is evidence of the way to it, and no database to compare. */
function withoutScripts(databases: readonly FoundDatabase[]): FoundDatabase[] {
  const others = databases.filter(({ path }) => !/\.cdiff$/i.test(path));
  return others.some(({ format }) => format === 'clamav') ? others : [...databases];
}

/** Of a ClamAV database that is one signed file; undefined for others. */
function bytesOf(
  database: FoundDatabase | undefined,
  members: readonly ProductMember[],
): Uint8Array | undefined {
  if (database?.format !== 'clamav') return undefined;
  const bytes = members.find(({ path }) => path === database.path)?.bytes;
  return bytes !== undefined && isCvd(bytes) ? bytes : undefined;
}

type Pair = readonly [FoundDatabase | undefined, FoundDatabase | undefined];

/** By format and path; what is left by format and file name; then the only ones left of a format. */
function pairsOf(before: readonly FoundDatabase[], after: readonly FoundDatabase[]): Pair[] {
  const pairs: Pair[] = [];
  let old = [...before];
  let now = [...after];
  const base = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  for (const keyFor of [
    ({ format, path }: FoundDatabase) => `${format} ${path}`,
    ({ format, path }: FoundDatabase) => `${format} ${base(path)}`,
    ({ format }: FoundDatabase) => format,
  ]) {
    const olds = Map.groupBy(old, keyFor);
    const news = Map.groupBy(now, keyFor);
    for (const [key, [one, ...others]] of olds) {
      const [other, ...more] = news.get(key) ?? [];
      if (other === undefined || others.length > 0 || more.length > 0) continue;
      pairs.push([one, other]);
      old = old.filter((each) => each !== one);
      now = now.filter((each) => each !== other);
    }
  }
  return [
    ...pairs,
    ...old.map((one): Pair => [one, undefined]),
    ...now.map((one): Pair => [undefined, one]),
  ].sort(([a, b], [c, d]) => ((a ?? b)!.path < (c ?? d)!.path ? -1 : 1));
}

function diffPair(
  old: FoundDatabase | undefined,
  now: FoundDatabase | undefined,
  comparison: Comparison,
): DatabaseChange {
  const { path, format } = (now ?? old)!;
  const left = new Leftovers();
  const oldCounts = { records: 0, unknown: 0 };
  const newCounts = { records: 0, unknown: 0 };
  if (old !== undefined) for (const record of counted(old, oldCounts)) left.takeOld(record);
  if (now !== undefined) for (const record of counted(now, newCounts)) left.takeNew(record);
  return {
    path,
    format,
    ...(old === undefined ? {} : { old: sideOf(old, oldCounts) }),
    ...(now === undefined ? {} : { new: sideOf(now, newCounts) }),
    changes: left.changes(comparison),
  };
}

interface Counts {
  records: number;
  unknown: number;
}

function* counted(database: FoundDatabase, counts: Counts): Generator<DatabaseRecord> {
  for (const record of recordsOf(database)) {
    counts.records++;
    if (record.unknown !== undefined) counts.unknown++;
    yield record;
  }
}

function sideOf(database: FoundDatabase, counts: Counts): DatabaseSide {
  const { path, update } = database;
  return { path, update, digest: digestOfDatabase(database), ...counts };
}

function totalsOf(changes: readonly RecordChange[]): Record<ChangeKind, number> {
  const totals = Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, 0])) as Record<
    ChangeKind,
    number
  >;
  for (const { kinds } of changes) for (const kind of kinds) totals[kind]++;
  return totals;
}

function alarmOf(change: DatabaseChange): Why[] {
  const { script } = change;
  return [
    ...twiceOf(change),
    ...(script?.state === 'differs' && script.why !== undefined ? [script.why] : []),
  ];
}

function twiceOf({ path, old, new: now }: DatabaseChange): Why[] {
  const isAlarm =
    old !== undefined &&
    now !== undefined &&
    old.update !== '' &&
    old.update === now.update &&
    old.digest !== now.digest;
  if (!isAlarm) return [];
  return [
    {
      code: 'record.update-twice',
      message: `${path}: update ${now.update} stands for ${old.digest} and for ${now.digest}`,
    },
  ];
}
