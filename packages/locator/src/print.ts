import { orderGuards, printGuard } from './guard.ts';
import type { Locator } from './locator.ts';
import { printPlace } from './place.ts';
import { printTarget } from './target.ts';

/** The canonical text: one for each locator. `parseLocator` of it gives an equal value. */
export function printLocator({ target, place, guards }: Locator): string {
  return [printTarget(target), printPlace(place), ...orderGuards(guards).map(printGuard)].join(' ');
}
