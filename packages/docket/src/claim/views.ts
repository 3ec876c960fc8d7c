import type { Locator } from '@avow/locator';
import type { Receipt } from './receipt.ts';
import { memberOf, type Stored } from './stored.ts';

/** A place in code as bytes of the file and relative to the module; undefined for other places. */
export function viewsOf(locator: Locator, stored: Stored): Receipt['views'] {
  const path = memberOf(locator) ?? stored.files[0]?.path;
  const found = path === undefined ? undefined : stored.find?.(path, locator.place);
  if (found?.state !== 'here') return undefined;
  const { offset, rva } = found.span;
  return {
    ...(offset === undefined ? {} : { byteOffset: offset }),
    ...(rva === undefined ? {} : { relativeAddress: rva }),
  };
}
