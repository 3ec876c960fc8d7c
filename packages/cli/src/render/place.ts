import type { Locator } from '@avow/locator';
import { parseLocator, printPlace } from '@avow/locator';
import { shown } from './shown.ts';

/** A locator as a line of a result shows it: the module, and where in it. */
export interface ShownPlace {
  /** Path of the member, safe to print. */
  readonly path: string;
  /** `12:3` of a script, `0x1a2f0` of native code, the id of a record. */
  readonly at: string;
}

export function shownPlace(text: string): ShownPlace {
  const locator = parseLocator(text);
  return { path: shown(memberPathOf(locator) ?? ''), at: shown(placeAt(locator)) };
}

/** The path of the member that a locator names, as members write theirs. */
export function memberPathOf({ target }: Locator): string | undefined {
  if (target.kind !== 'purl' || target.path === undefined) return undefined;
  return target.path.map((segments) => segments.join('/')).join('!/');
}

function placeAt({ place }: Locator): string {
  switch (place.kind) {
    case 'line':
      return place.start.column === undefined
        ? String(place.start.line)
        : `${place.start.line}:${place.start.column}`;
    case 'rec':
      return place.id;
    case 'all':
      return 'all';
    default:
      return printPlace(place).replace(/^@\w+:/, '');
  }
}
