import type { Digest } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import type { ModuleReading, Place } from '../observe/reading.ts';
import type { When } from '../result.ts';

/** A module of the product with what it says of itself. */
export interface ProductModule {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly reading: ModuleReading;
}

/** A feature before it has its id and locator. */
export interface PlacedFeature {
  readonly path: string;
  readonly place: Place;
  readonly feature: FeatureId;
  readonly evidence: string;
  readonly recipient?: string;
  readonly when: When;
  readonly rule: string;
  readonly within: readonly string[];
}
