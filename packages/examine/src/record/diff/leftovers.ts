import { type DatabaseRecord, SpamRule } from '@avow/formats/record';
import type { RecordChange } from './change.ts';
import type { Comparison } from './compare.ts';
import { identitiesOf } from './identity.ts';

/** The bytes of a record and what else its meaning hangs on. */
function textKey(record: DatabaseRecord): string {
  const attributes = record instanceof SpamRule ? JSON.stringify(record.attributes) : '';
  return `${record.source}${record.enabled ? '' : '\0off'}${attributes}`;
}

/** Records of two updates that have no counterpart of the same bytes: taken in one by one, then paired. */
export class Leftovers {
  readonly #old = new Map<string, DatabaseRecord | DatabaseRecord[]>();
  readonly #new: DatabaseRecord[] = [];
  readonly #moved: [DatabaseRecord, DatabaseRecord][] = [];

  takeOld(full: DatabaseRecord): void {
    const record = full.light();
    const key = textKey(full);
    const held = this.#old.get(key);
    if (held === undefined) this.#old.set(key, record);
    else if (Array.isArray(held)) held.push(record);
    else this.#old.set(key, [held, record]);
  }

  takeNew(record: DatabaseRecord): void {
    const key = textKey(record);
    const held = this.#old.get(key);
    if (held === undefined) {
      this.#new.push(record.light());
      return;
    }
    let old: DatabaseRecord;
    if (Array.isArray(held)) {
      const same = held.findIndex(({ member }) => sameFile(member, record.member));
      [old] = held.splice(Math.max(same, 0), 1) as [DatabaseRecord];
      if (held.length === 1) this.#old.set(key, held[0]!);
    } else {
      old = held;
      this.#old.delete(key);
    }
    if (!sameFile(old.member, record.member)) this.#moved.push([old, record]);
  }

  /** Pairs what is left by the first identity that both have, then by the second, then by equal detection. */
  changes(comparison: Comparison): RecordChange[] {
    const changes = this.#moved.map(([old, now]) => comparison.moved(old, now));
    let gone = [...this.#old.values()].flat();
    let come: readonly DatabaseRecord[] = this.#new;
    for (const nth of [0, 1]) {
      const olds = new Map<string, DatabaseRecord[]>();
      for (const record of gone) addTo(olds, identitiesOf(record)[nth], record);
      const paired = new Set<DatabaseRecord>();
      come = come.filter((record) => {
        const identity = identitiesOf(record)[nth];
        const old = identity === undefined ? undefined : takeOne(olds.get(identity), record);
        if (old === undefined) return true;
        paired.add(old);
        changes.push(comparison.changed(old, record));
        return false;
      });
      gone = gone.filter((record) => !paired.has(record));
    }
    return changes.concat(renamed(gone, come, comparison));
  }
}

/** Of several records of one identity, the one in the same file first. */
function takeOne(
  olds: DatabaseRecord[] | undefined,
  { member }: DatabaseRecord,
): DatabaseRecord | undefined {
  if (olds === undefined || olds.length === 0) return undefined;
  const same = olds.findIndex((old) => sameFile(old.member, member));
  return olds.splice(Math.max(same, 0), 1)[0];
}

/** What is left with the same detection under another name was renamed. */
function renamed(
  removed: readonly DatabaseRecord[],
  added: readonly DatabaseRecord[],
  comparison: Comparison,
): RecordChange[] {
  const byDetection = new Map<string, DatabaseRecord[]>();
  for (const record of removed) addTo(byDetection, record.detection, record);
  const taken = new Set<DatabaseRecord>();
  const changes: RecordChange[] = [];
  for (const record of added) {
    const old = byDetection.get(record.detection)?.shift();
    if (old === undefined) changes.push(comparison.added(record));
    else {
      taken.add(old);
      const change = comparison.changed(old, record);
      const kinds = change.kinds.filter((kind) => kind !== 'metadata');
      const isNamed = old.id !== record.id;
      changes.push({ ...change, kinds: isNamed ? ['renamed', ...kinds] : change.kinds });
    }
  }
  for (const record of removed) if (!taken.has(record)) changes.push(comparison.removed(record));
  return changes;
}

function addTo(
  map: Map<string, DatabaseRecord[]>,
  key: string | undefined,
  record: DatabaseRecord,
): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list === undefined) map.set(key, [record]);
  else list.push(record);
}

/** Members of containers that carry the update number in their name are the same file. */
function sameFile(a: string, b: string): boolean {
  return a === b || tail(a) === tail(b);
}

function tail(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
