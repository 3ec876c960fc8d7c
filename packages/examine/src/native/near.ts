import { VOCABULARY } from '@avow/declare/vocabulary';
import type { NativeFeature, NearFlow } from './reading.ts';

/** Calls that may lie between source and destination. */
export const MAX_DISTANCE = 2;

/** Pairs of one image; more say that the module does everything near everything. */
const MAX_PAIRS = 200;

/** Sources whose nearness to a destination says nothing: every program reads settings. */
const ORDINARY: ReadonlySet<string> = new Set([
  'env.named',
  'file.any',
  'file.enumerate',
  'host.profile',
]);

/** What a flow is looked for among: features with the index of the function around each, -1 for none. */
export interface Placed {
  readonly inside: number;
  readonly feature: NativeFeature;
}

/** Who calls whom, by indices of functions. */
export interface Graph {
  reached(starts: Iterable<number>, steps?: number): ReadonlyMap<number, number>;
}

/**
 * Sources with the nearest destination that their function, or one that it
 * calls, has. Only sources of data that is somebody's; destinations beyond the
 * machine.
 */
export function nearFlows(found: readonly Placed[], graph: Graph): NearFlow[] {
  const destinations = new Map<number, number>();
  found.forEach(({ inside, feature }, index) => {
    if (inside < 0 || !leavesMachine(feature.feature) || destinations.has(inside)) return;
    destinations.set(inside, index);
  });
  const flows: NearFlow[] = [];
  if (destinations.size === 0) return flows;
  found.forEach(({ inside, feature }, index) => {
    if (flows.length >= MAX_PAIRS || inside < 0) return;
    const word = VOCABULARY[feature.feature];
    if (word.group !== 'source' || ORDINARY.has(feature.feature)) return;
    for (const [called, distance] of graph.reached([inside], MAX_DISTANCE)) {
      const destination = destinations.get(called);
      if (destination === undefined) continue;
      flows.push({ source: index, destination, distance });
      return;
    }
  });
  return flows;
}

function leavesMachine(feature: string): boolean {
  return feature.startsWith('net.') && feature !== 'net.profile';
}
