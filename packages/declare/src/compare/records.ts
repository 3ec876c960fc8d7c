import type { DatabaseEntry, Declaration } from '../declaration/declaration.ts';
import { isModule, isRecipient, LOCAL } from '../declaration/pattern.ts';
import { printEntry, printSaid } from '../declaration/print.ts';
import type { RecordAction, RecordTarget } from '../record-words.ts';
import type { ComparedFinding, EntryOutcome, FeatureState, Rank } from './findings.ts';
import { modulePath, type RecordPart } from './parts.ts';

/**
 * Records against `databases`: a record is declared when an entry names its
 * database, action, target and recipient. Records that say the same in one
 * database are one finding. A form that cannot speak of records (a manifest)
 * is not held to them.
 */
export function compareRecords(
  records: readonly RecordPart[],
  { databases: entries, speaksOf }: Pick<Declaration, 'databases' | 'speaksOf'>,
): {
  readonly findings: readonly ComparedFinding[];
  readonly outcomes: readonly EntryOutcome[];
  readonly states: ReadonlyMap<string, FeatureState>;
} {
  const states = new Map<string, FeatureState>();
  const covers = new Map<DatabaseEntry, number>();
  const undeclared: Group[] = [];
  const named = new Set(entries.flatMap(({ only }) => only));
  for (const group of groupsOf(records, named)) {
    const covering = entries.filter((entry) => isCovered(entry, group));
    for (const entry of covering) {
      covers.set(entry, (covers.get(entry) ?? 0) + group.records.length);
    }
    const otherwise = speaksOf === undefined ? 'undeclared' : 'outside';
    const state = covering.length > 0 ? 'declared' : otherwise;
    const by = covering.map(({ name }) => name);
    for (const { id } of group.records) states.set(id, { state, by });
    if (state === 'undeclared') undeclared.push(group);
  }
  const near = Map.groupBy(undeclared, sameDeed);
  const findings = undeclared.map((group) =>
    findingOf(group, named.has(group.records[0]!.id) || coversMore(group, near)),
  );
  const outcomes = entries.map((entry): EntryOutcome => {
    const count = covers.get(entry) ?? 0;
    const state = count > 0 ? 'found' : 'not-found';
    const { name, spot } = entry;
    return { name, line: spot.line, state, covers: count, says: printSaid(entry) };
  });
  return { findings, outcomes, states };
}

interface Group {
  readonly path: string;
  readonly action: RecordAction;
  readonly target: RecordTarget;
  readonly recipient: string | undefined;
  readonly records: RecordPart[];
}

/** Records grouped by what they say; those whose id the declaration names stand alone. */
function groupsOf(records: readonly RecordPart[], named: ReadonlySet<string>): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const record of records) {
    const path = modulePath(record.locator);
    const { action, target, recipient, id } = record;
    const pin = named.has(id) ? id : '';
    const key = `${path}\n${action}\n${target}\n${recipient ?? '\n'}\n${pin}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { path, action, target, recipient, records: [record] });
    else group.records.push(record);
  }
  return [...groups.values()];
}

function isCovered(entry: DatabaseEntry, group: Group): boolean {
  return (
    (entry.only.length === 0 || group.records.every(({ id }) => entry.only.includes(id))) &&
    entry.database.some((pattern) => isModule(pattern, group.path)) &&
    (entry.actions.length === 0 || entry.actions.includes(group.action)) &&
    (entry.targets.length === 0 || entry.targets.includes(group.target)) &&
    (entry.to.length === 0 || entry.to.some((pattern) => isTo(pattern, group.recipient)))
  );
}

function isTo(pattern: string, recipient: string | undefined): boolean {
  return pattern === LOCAL ? recipient === undefined : isRecipient(pattern, recipient);
}

function sameDeed({ action, target }: Group): string {
  return `${action}\n${target}`;
}

/** More neighbours than these are not compared one by one: the entry is bound to ids instead. */
const MAX_NEIGHBOURS = 64;

/** Whether an entry in the group's own words would cover another group as well. */
function coversMore(group: Group, near: ReadonlyMap<string, readonly Group[]>): boolean {
  const neighbours = near.get(sameDeed(group)) ?? [];
  if (neighbours.length > MAX_NEIGHBOURS) return true;
  return neighbours.some(
    (other) =>
      other !== group &&
      isModule(group.path, other.path) &&
      isTo(group.recipient ?? LOCAL, other.recipient),
  );
}

function findingOf(
  { path, action, target, recipient, records }: Group,
  isPinned: boolean,
): ComparedFinding {
  const [first, ...others] = records;
  const isLocal = recipient === undefined;
  return {
    id: `undeclared:${first!.id}`,
    kind: 'undeclared',
    because: 'no-entry',
    of: first!.id,
    also: others.map(({ id }) => id),
    rank: rankOf(target, action),
    locator: first!.locator,
    features: [],
    acts: { action, target },
    ...(isLocal ? {} : { recipient }),
    remedy: {
      add: printEntry({
        database: [path],
        actions: [action],
        targets: [target],
        to: [recipient ?? LOCAL],
        ...(isPinned ? { only: records.map(({ id }) => id) } : {}),
      }),
      to: 'databases',
      remove: first!.locator,
    },
  };
}

const CONFIDENTIAL: readonly RecordTarget[] = [
  'keyword',
  'credential',
  'pii',
  'message',
  'document',
];
const TAKING: readonly RecordAction[] = ['send', 'store-copy', 'inject'];

/** The order of the project's record reference, "Rank". */
function rankOf(target: RecordTarget, action: RecordAction): Rank {
  const isConfidential = CONFIDENTIAL.includes(target);
  if (isConfidential && TAKING.includes(action)) return 'critical';
  if (isConfidential && action === 'silent') return 'high';
  return TAKING.includes(action) || action === 'weaken' || action === 'suppress' ? 'medium' : 'low';
}
