import type { Place } from '@avow/locator';
import type { NativePlace } from './reading.ts';

/** The place as locators have it. */
export function locatorPlace(place: NativePlace): Place {
  switch (place.kind) {
    case 'all':
      return { kind: 'all' };
    case 'va':
      return { kind: 'va', address: BigInt(place.address ?? 0) };
    case 'wasm':
      return place.address === undefined
        ? { kind: 'wasm', func: place.func ?? 0 }
        : { kind: 'wasm', func: place.func ?? 0, offset: BigInt(place.address) };
    case 'il':
      return { kind: 'il', token: place.func ?? 0, offset: BigInt(place.address ?? 0) };
    default:
      return place.kind satisfies never;
  }
}

/** The path with the slice of a fat file: `lib/a.node!/arm64`. */
export function slicePath(path: string, { slice }: NativePlace): string {
  return slice === undefined ? path : `${path}!/${slice}`;
}
