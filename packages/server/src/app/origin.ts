import { Refused } from '@avow/bytes';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses `access.other-origin` for a change that another site has a browser
 * make (CSRF): browsers say where a request is from, programs say nothing.
 */
export function assertOwnOrigin(request: Request, own: readonly string[]): void {
  if (SAFE.has(request.method)) return;
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const isOtherSite = site !== null && site !== 'same-origin' && site !== 'none';
  // A browser that says the site is the same is believed before an origin that a referrer policy made `null`.
  const isOtherOrigin = site !== 'same-origin' && origin !== null && !own.includes(origin);
  if (isOtherSite || isOtherOrigin) {
    throw new Refused('access.other-origin', undefined, 'another site may not make changes here');
  }
}
