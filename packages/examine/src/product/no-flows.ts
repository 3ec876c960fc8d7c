import { type FeatureId, VOCABULARY } from '@avow/declare/vocabulary';
import type { DestinationClass, Feature, Flow, NoFlow } from '../result.ts';

const CLASSES = ['network', 'local', 'file', 'clipboard'] as const satisfies DestinationClass[];

/**
 * For each kind of source that was found, and each class of destinations that
 * no flow of it goes to: `no-path` where all was followed to its end,
 * `not-known` where something was not read or not followed.
 */
export function noFlowsOf(
  features: readonly Feature[],
  flows: readonly Flow[],
  isWhole: boolean,
): NoFlow[] {
  const sources = new Set(features.map(({ feature }) => feature).filter(isSource));
  const reached = new Set(flows.map((flow) => `${flow.source} ${classOf(flow.destination)}`));
  return [...sources]
    .sort((a, b) => VOCABULARY[a].number - VOCABULARY[b].number)
    .flatMap((source) =>
      CLASSES.filter((to) => !reached.has(`${source} ${to}`)).map((to): NoFlow => {
        return { source, to, state: isWhole ? 'no-path' : 'not-known' };
      }),
    );
}

function isSource(feature: FeatureId): boolean {
  return VOCABULARY[feature].group === 'source';
}

function classOf(destination: FeatureId): DestinationClass {
  if (destination === 'file.write') return 'file';
  if (destination === 'clipboard.write') return 'clipboard';
  return destination.startsWith('net.') ? 'network' : 'local';
}
