import type { Why } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import type { Place } from '@avow/locator';
import type { AddonReach } from '../product/addons.ts';
import type { PlacedFeature, ProductModule } from '../product/module.ts';
import type { Near } from '../result.ts';
import { locatorPlace, slicePath } from './places.ts';
import type { NativeModuleKind, NativePlace } from './reading.ts';

/** A native module of a product with what it says of itself. */
export interface NativeProductModule extends ProductModule {
  readonly kind: NativeModuleKind;
}

/** Features of a native module, as those of scripts are named, ordered and printed. */
export function nativeFeatures(
  { path, reading }: NativeProductModule,
  reach: AddonReach | undefined,
): PlacedFeature[] {
  return (reading.native?.features ?? []).map(({ place, ...feature }, index) => {
    const reachedBy = reach?.of(path, index) ?? [];
    return {
      ...feature,
      path: slicePath(path, place),
      place: orderOf(place),
      at: locatorPlace(place),
      ...(reachedBy.length === 0 ? {} : { reachedBy }),
    };
  });
}

/** What was not read of a native module, and where; the whole module where nothing of it was. */
export function nativeUnknowns({ path, reading }: NativeProductModule): {
  readonly path: string;
  readonly place: Place;
  readonly order: number;
  readonly feature: FeatureId;
  readonly why: Why;
}[] {
  const unknowns = reading.native?.unknowns ?? [];
  if (unknowns.length === 0 && reading.why !== undefined) {
    const { why } = reading;
    return [{ path, place: { kind: 'all' }, order: 0, feature: 'opaque.unanalysed', why }];
  }
  return unknowns.map(({ feature, place, why }) => ({
    path: slicePath(path, place),
    place: locatorPlace(place),
    order: orderOf(place).start,
    feature,
    why,
  }));
}

/** What stands near what in a native module, with its places printed. */
export function nearOf(
  { path, reading }: NativeProductModule,
  print: (path: string, place: Place) => string,
): Near[] {
  const { features = [], flows = [] } = reading.native ?? {};
  return flows.map(({ source, destination, distance }) => {
    const [from, to] = [features[source]!, features[destination]!];
    const locator = ({ place }: { readonly place: NativePlace }): string =>
      print(slicePath(path, place), locatorPlace(place));
    return {
      source: from.feature,
      destination: to.feature,
      ...(to.recipient === undefined ? {} : { recipient: to.recipient }),
      distance,
      places: [locator(from), locator(to)],
    };
  });
}

/** Addresses order features as offsets do; above 2^53 only the order of neighbours may be lost. */
function orderOf({ kind, func = 0, address }: NativePlace): PlacedFeature['place'] {
  // Offsets in a method of CIL are below 2^32, tokens too.
  const first = kind === 'il' ? (func & 0xffffff) * 2 ** 24 : 0;
  const start = first + (address === undefined ? 0 : Number(BigInt(address)));
  return { start, end: start, line: 0, column: 0 };
}
