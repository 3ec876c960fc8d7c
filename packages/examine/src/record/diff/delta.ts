import { keyOf, type RecordFeature, type RecordRank, rankOf } from '../model.ts';
import type { ChangedSide, FeatureDelta, RecordChange } from './change.ts';

interface Counted {
  readonly format: string;
  readonly feature: RecordFeature;
  gained: number;
  lost: number;
  readonly because: { readonly gained: Map<string, number>; readonly lost: Map<string, number> };
}

/** Distinct deciding fields that are counted for one feature. */
const MAX_REASONS = 10_000;

/** How many records do each thing now that did not, or no longer do: what matters first. */
export function deltaOf(changes: readonly RecordChange[]): FeatureDelta[] {
  const counts = new Map<string, Counted>();
  for (const { old, new: now } of changes) {
    const before = keyedFeatures(old);
    const after = keyedFeatures(now);
    const { format } = (now ?? old)!.record;
    count(counts, { keyed: after, other: before, format, how: 'gained' });
    count(counts, { keyed: before, other: after, format, how: 'lost' });
  }
  return [...counts.values()]
    .map(({ because, ...one }) => ({
      ...one,
      rank: rankOf(one.feature),
      because: mostOften(one.gained >= one.lost ? because.gained : because.lost),
    }))
    .sort((a, b) => RANKS[a.rank] - RANKS[b.rank] || compiled(a) - compiled(b) || net(b) - net(a));
}

/** By how many records it is more or fewer. */
function net({ gained, lost }: { readonly gained: number; readonly lost: number }): number {
  return Math.abs(gained - lost);
}

/** Rules compiled from a list come after the list's own: they say the same again. */
function compiled({ format }: { readonly format: string }): number {
  return format === 'dnr' ? 1 : 0;
}

function count(
  counts: Map<string, Counted>,
  side: {
    readonly keyed: ReadonlyMap<string, RecordFeature>;
    readonly other: ReadonlyMap<string, unknown>;
    readonly format: string;
    readonly how: 'gained' | 'lost';
  },
): void {
  const { keyed, other, format, how } = side;
  for (const [key, feature] of keyed) {
    if (other.has(key)) continue;
    let known = counts.get(key);
    if (known === undefined) {
      const because = { gained: new Map<string, number>(), lost: new Map<string, number>() };
      known = { format, feature, gained: 0, lost: 0, because };
      counts.set(key, known);
    }
    known[how]++;
    const decided = feature.decided[0] ?? '';
    const reasons = known.because[how];
    if (reasons.size < MAX_REASONS || reasons.has(decided))
      reasons.set(decided, (reasons.get(decided) ?? 0) + 1);
  }
}

function mostOften(reasons: ReadonlyMap<string, number>): FeatureDelta['because'] {
  return [...reasons]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([decided, times]) => ({ decided, count: times }));
}

function keyedFeatures(side: ChangedSide | undefined): Map<string, RecordFeature> {
  const keyed = new Map<string, RecordFeature>();
  for (const feature of side?.features ?? [])
    keyed.set(`${side!.record.format} ${keyOf(feature)} ${feature.label ?? ''}`, feature);
  return keyed;
}

const RANKS: Readonly<Record<RecordRank, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
