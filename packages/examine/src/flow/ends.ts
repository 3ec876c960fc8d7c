import { type FeatureId, VOCABULARY } from '@avow/declare/vocabulary';
import type { FlowModule } from './program.ts';

/** Whether there can be a flow at all: something confidential is read, and something can leave. */
export function isWorthFollowing(modules: readonly FlowModule[]): boolean {
  const has = (is: (feature: FeatureId) => boolean): boolean =>
    modules.some(({ reading }) => reading.features.some(({ feature }) => is(feature)));
  return has(isSource) && has(isDestination);
}

/** Features from which data is followed. */
export function isSource(feature: FeatureId): boolean {
  return VOCABULARY[feature].group === 'source';
}

/** Destinations of the vocabulary, a program that is run, and a script's address that is assigned. */
export function isDestination(feature: FeatureId): boolean {
  const isOther = feature === 'exec.spawn' || feature === 'code.load';
  return isOther || VOCABULARY[feature].group === 'destination';
}
