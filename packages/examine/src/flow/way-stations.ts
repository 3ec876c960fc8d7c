import type { FeatureId } from '@avow/declare/vocabulary';
import type { ModuleFeature } from '../observe/reading.ts';
import type { Arrival } from './arrivals.ts';
import type { Point } from './point.ts';
import type { Edge } from './tabulation.ts';

/** A source that was found, at its node. */
export interface Source {
  readonly feature: FeatureId;
  readonly found: ModuleFeature;
  readonly point: Point;
}

/** One path from a source to a destination. */
export interface Candidate {
  readonly source: Source;
  /** Of the source. */
  readonly index: number;
  readonly arrival: Arrival;
  readonly steps: readonly Edge[];
}

/**
 * Paths that neither end nor begin at a way station: a flow runs from the
 * first source to the last destination. A message between parts of the product
 * that is received in it is no destination; a file that is written is one,
 * unless what is read back goes on; and what is read back is no source of its own.
 *
 * @param delivered Places of messages that were received in the product.
 */
export function withoutStations(
  candidates: readonly Candidate[],
  delivered: ReadonlySet<Point>,
): readonly Candidate[] {
  const passed = new Set<string>();
  const readBack = new Set<string>();
  for (const { index, arrival, steps } of candidates) {
    steps.forEach((step, at) => {
      if (step.place.kind !== 'channel') return;
      if (step.hop !== undefined) passed.add(`${index} ${step.hop}`);
      const read = steps.slice(at + 1).find(({ hop }) => hop !== undefined)?.hop;
      if (read !== undefined) readBack.add(`${read} ${arrival.point}`);
    });
  }
  return candidates.filter(({ source, index, arrival }) => {
    const isMessage = arrival.destination.feature.startsWith('ipc.');
    if (isMessage && delivered.has(arrival.point)) return false;
    if (passed.has(`${index} ${arrival.point}`)) return false;
    return !readBack.has(`${source.point} ${arrival.point}`);
  });
}
