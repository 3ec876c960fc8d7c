import type { DatabaseRecord } from '@avow/formats/record';
import { keyOf, type RecordFeature, type RecordRank, rankOf } from './model.ts';

/** A record and what it does; `count` records do the same. */
export interface Entry {
  readonly record: DatabaseRecord;
  readonly feature: RecordFeature;
  readonly rank: RecordRank;
  readonly count: number;
}

interface Group {
  readonly record: DatabaseRecord;
  readonly feature: RecordFeature;
  readonly rank: RecordRank;
  count: number;
}

/** Records listed one by one of one database; the others of their group are counted. */
const MAX_LISTED = 50_000;

/**
 * Takes in what the records of a database do: those that matter one by one,
 * the others as groups, so that a list of 600,000 filters stays small.
 */
export class Gathering {
  readonly #groups = new Map<string, Group>();
  readonly #listed: Entry[] = [];
  /** Features are shared objects, so most records find their group without making a key. */
  readonly #byObject = new Map<RecordFeature, Group>();

  add(record: DatabaseRecord, feature: RecordFeature): void {
    const group = this.#byObject.get(feature) ?? this.#groupOf(record, feature);
    group.count++;
    if (group.rank !== 'low' && this.#listed.length < MAX_LISTED)
      this.#listed.push({ record, feature, rank: group.rank, count: 1 });
  }

  #groupOf(record: DatabaseRecord, feature: RecordFeature): Group {
    const key = `${keyOf(feature)} ${feature.label ?? ''}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { record, feature, rank: rankOf(feature), count: 0 };
      this.#groups.set(key, group);
    }
    if (this.#byObject.size < 100_000) this.#byObject.set(feature, group);
    return group;
  }

  groups(): readonly Entry[] {
    return [...this.#groups.values()];
  }

  /** Those listed one by one, then the first of each other group. */
  entries(): readonly Entry[] {
    return [...this.#listed, ...this.groups().filter(({ rank }) => rank === 'low')];
  }
}
