import type { DatabaseRecord } from '@avow/formats/record';
import { featuresOf } from '../features.ts';
import { type RecordFeature, type RecordRank, rankOf } from '../model.ts';
import type { Sight } from '../sight.ts';
import type { ChangedSide, ChangeKind, RecordChange } from './change.ts';
import { isReused, nameOf } from './identity.ts';

const RANKS: Readonly<Record<RecordRank, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
const RANK_NAMES = ['critical', 'high', 'medium', 'low'] as const;

const REACH: Readonly<Record<RecordFeature['reach'], number>> = {
  off: 0,
  'one-file': 1,
  domains: 2,
  engine: 3,
  platform: 3,
  all: 4,
};

/** Makes changes of records; features are derived only for records that changed. */
export class Comparison {
  readonly #sight: Sight;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  added(record: DatabaseRecord): RecordChange {
    const side = this.#side(record);
    return { kinds: ['added'], new: side, rank: highest(side.features) };
  }

  removed(record: DatabaseRecord): RecordChange {
    const side = this.#side(record);
    return { kinds: ['removed'], old: side, rank: 'low' };
  }

  moved(old: DatabaseRecord, now: DatabaseRecord): RecordChange {
    return { kinds: ['moved'], old: this.#side(old), new: this.#side(now), rank: 'low' };
  }

  changed(old: DatabaseRecord, now: DatabaseRecord): RecordChange {
    const before = this.#side(old);
    const after = this.#side(now);
    const kinds = kindsOf(before, after);
    const isNew = kinds.some((kind) => NEW_POWER.has(kind));
    const found = isNew ? highest(after.features) : 'low';
    // A change that nobody announced is looked at, whatever it does.
    const isQuiet = kinds.includes('silent') || kinds.includes('id-reused');
    const rank = RANK_NAMES[Math.min(RANKS[found], isQuiet ? RANKS.medium : RANKS.low)]!;
    return { kinds, old: before, new: after, rank };
  }

  #side(record: DatabaseRecord): ChangedSide {
    return { record, features: featuresOf(record, this.#sight) };
  }
}

const NEW_POWER = new Set<ChangeKind>([
  'target',
  'widened',
  'action',
  'visibility',
  'destination',
  'enabled',
  'id-reused',
]);

function highest(features: readonly RecordFeature[]): RecordRank {
  const least = features.reduce((rank, feature) => Math.min(rank, RANKS[rankOf(feature)]), 3);
  return RANK_NAMES[least]!;
}

function kindsOf(before: ChangedSide, after: ChangedSide): ChangeKind[] {
  const { record: old } = before;
  const { record: now } = after;
  const kinds: ChangeKind[] = [];
  if (old.enabled !== now.enabled) kinds.push(now.enabled ? 'enabled' : 'disabled');
  if (old.detection !== now.detection) {
    if (isReused(old, now)) kinds.push('id-reused');
    kinds.push('detection');
    if (HAS_REVISIONS.has(old.format) && old.revision === now.revision) kinds.push('silent');
  }
  kinds.push(...featureKinds(before.features, after.features));
  if (nameOf(old) !== nameOf(now) && old.format === 'yara') kinds.push('renamed');
  if (old.member !== now.member) kinds.push('moved');
  return kinds.length === 0 ? ['metadata'] : kinds;
}

/** Formats whose records state a revision or a date that a maker is to raise. */
const HAS_REVISIONS = new Set<DatabaseRecord['format']>(['yara', 'suricata', 'sigma', 'clamav']);

function featureKinds(
  before: readonly RecordFeature[],
  after: readonly RecordFeature[],
): ChangeKind[] {
  const kinds: ChangeKind[] = [];
  const differs = (of: (feature: RecordFeature) => string) =>
    setOf(before, of) !== setOf(after, of);
  if (differs(({ target }) => target)) kinds.push('target');
  if (differs(({ action }) => action)) kinds.push('action');
  if (differs(({ visibility }) => visibility)) kinds.push('visibility');
  if (differs(({ destination, recipient }) => `${destination} ${recipient ?? ''}`))
    kinds.push('destination');
  const reach = furthest(after) - furthest(before);
  // A record that is switched on or off says so already.
  const isSwitched = [...before, ...after].some((feature) => feature.reach === 'off');
  if (reach !== 0 && !isSwitched) kinds.push(reach > 0 ? 'widened' : 'narrowed');
  return kinds;
}

function setOf(features: readonly RecordFeature[], of: (feature: RecordFeature) => string): string {
  return [...new Set(features.map(of))].sort().join('\n');
}

/** Every file is further than one kind of file. */
function furthest(features: readonly RecordFeature[]): number {
  return Math.max(
    0,
    ...features.map(({ reach, target }) => REACH[reach] * 2 + (target === 'everything' ? 1 : 0)),
  );
}
