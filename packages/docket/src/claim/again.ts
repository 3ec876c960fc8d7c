import { parseLocator } from '@avow/locator';
import { TWO_CONTENTS } from '../case/alarm.ts';
import { needs } from '../event/data.ts';
import { recheckContents } from './contents.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { recheckClaim } from './recheck.ts';
import { resolveClaim } from './resolve.ts';
import { readSaid } from './said.ts';
import type { Stored } from './stored.ts';
import { viewsOf } from './views.ts';

/**
 * The receipt of a re-check made now, of what a claim or a receipt says; of an
 * alarm, over both contents. Refuses `docket.needs` when the place is not in
 * the product, or a content is not given.
 */
export function recheckAgain(text: string, said: string, all: readonly Stored[]): Receipt {
  if (said === TWO_CONTENTS) {
    const [one, other] = all;
    if (one === undefined || other === undefined) throw needs('it takes both contents');
    return recheckContents(one, other);
  }
  const locator = parseLocator(text);
  const [meant] = readSaid(`feature: ${said}`).said;
  const resolution = resolveClaim(locator, all);
  if (resolution.state === 'lacking' || meant === undefined) {
    const why = resolution.state === 'lacking' ? resolution.lacks.map(({ says }) => says) : [said];
    throw needs(why.join('; '));
  }
  const { stored, module, isPlaceKnown } = resolution;
  const recheck = recheckClaim(locator, meant, stored, isPlaceKnown);
  return receiptOf(locator, meant, module, stored.examination, recheck, viewsOf(locator, stored));
}
