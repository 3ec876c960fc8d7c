import type { Digest } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import type { Place as LocatorPlace } from '@avow/locator';
import type { CapaMatch } from '../capa/reading.ts';
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
  /** Order and identity within the module: lines of a script, offsets of an address. */
  readonly place: Place;
  /** The place as locators have it, where it is no line. */
  readonly at?: LocatorPlace;
  readonly feature: FeatureId;
  readonly evidence: string;
  readonly recipient?: string;
  readonly when: When;
  /** As in a module's reading. */
  readonly isInActivate?: true;
  readonly rule: string;
  readonly within: readonly string[];
  /** The match of a rule of someone else that it stands for. */
  readonly match?: CapaMatch;
  /** Of native code: lines of scripts that reach it. */
  readonly reachedBy?: readonly PlacedReach[];
}

/** A line of a script that uses native code, before it has its locator. */
export interface PlacedReach {
  readonly path: string;
  readonly place: Place;
  /** The property that it uses; absent where it only loads the module. */
  readonly export?: string;
  readonly evidence: string;
}
