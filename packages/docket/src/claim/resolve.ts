import type { Digest } from '@avow/bytes';
import { type Locator, parseTarget, printLocator } from '@avow/locator';
import { type Lack, lack, MAX_CANDIDATES } from './lack.ts';
import { type Located, locate } from './locate.ts';
import { nearestOrFirst } from './nearest.ts';
import {
  nameOf,
  productOf,
  type Release,
  releaseOf,
  type Stored,
  type StoredFile,
  targetOf,
} from './stored.ts';

export type Resolution =
  | {
      readonly state: 'resolved';
      readonly stored: Stored;
      readonly product: Digest;
      /** The file, or for a record the file that holds it. */
      readonly module: StoredFile;
      /** False where no reader could tell whether the file has the place. */
      readonly isPlaceKnown: boolean;
    }
  | { readonly state: 'lacking'; readonly lacks: readonly Lack[] };

/**
 * Finds the bytes that a locator names among examined products, or says what
 * is wrong with it and what is nearest. `others` are releases and updates in
 * which the place may be, where the one that it names does not have it.
 */
export function resolveClaim(
  locator: Locator,
  all: readonly Stored[],
  others: readonly Release[] = [],
): Resolution {
  const wanted = productOf(locator);
  const releases = [...all.map(releaseOf), ...others].filter(
    (one) => nameOf(one.target) === nameOf(wanted),
  );
  const named = all.filter((one) => targetOf(one) === wanted);
  if (named.length === 0) return lacking(productLack(locator, wanted, all, releases));
  const contents = new Map(named.map((one) => [one.examination.product.digest, one]));
  if (contents.size > 1) return amongContents(locator, wanted, [...contents.values()]);
  const stored = named[0]!;
  const release = releaseOf(stored);
  const found = locate(locator, release);
  if (!('reason' in found)) return resolved(stored, found);
  return lacking(withOthers(found, locator, release, releases));
}

function productLack(
  locator: Locator,
  wanted: string,
  all: readonly Stored[],
  releases: readonly Release[],
): Lack {
  if (releases.length === 0) {
    const near = nearestOrFirst(wanted, new Set(all.map(targetOf)));
    return lack('no-such-product', `${wanted} is not stored`, near);
  }
  const fits = releases.filter((one) => !('reason' in locate(locator, one)));
  const names = (fits.length > 0 ? fits : releases).map(({ target }) => target);
  const also = fits.length > 0 ? '; the place is in those listed' : '';
  return lack('no-such-version', `${wanted} is not stored${also}`, [...new Set(names)]);
}

/** One number with two contents: the digest in the claim decides, nothing else may. */
function amongContents(locator: Locator, wanted: string, contents: readonly Stored[]): Resolution {
  const isBound = locator.guards.some(({ kind }) => kind === 'sha256');
  const fits = contents.map((stored) => ({ stored, found: locate(locator, releaseOf(stored)) }));
  const held = fits.flatMap(({ stored, found }) => ('reason' in found ? [] : [{ stored, found }]));
  if (isBound && held.length === 1) return resolved(held[0]!.stored, held[0]!.found);
  const bound = held.map(({ stored, found }) => {
    const hex = found.module.digest.replace('sha256:', '');
    const guards = [{ kind: 'sha256' as const, sha256: hex }];
    return `${stored.examination.product.digest}: ${printLocator({ ...locator, guards })}`;
  });
  const digests = contents.map(({ examination }) => examination.product.digest);
  const says = `${wanted} is known with ${digests.length} contents`;
  return lacking(lack('two-contents', says, bound.length === digests.length ? bound : digests));
}

/** The other releases and updates in which the same place is there. */
function withOthers(
  found: Lack,
  locator: Locator,
  own: Release,
  releases: readonly Release[],
): Lack {
  const others = releases
    .filter((one) => one.digest !== own.digest && !('reason' in locate(locator, one)))
    .map((one) => inRelease(locator, one.target));
  if (others.length === 0) return found;
  const candidates = [...found.candidates, ...new Set(others)];
  if (found.reason !== 'no-such-record')
    return { ...found, candidates: candidates.slice(0, 2 * MAX_CANDIDATES) };
  // The record is right and the update is not: that is another fault than an id that nobody knows.
  const says = `${found.says}; the updates listed have it`;
  return lack('wrong-update', says, others);
}

function inRelease(locator: Locator, target: string): string {
  const parsed = parseTarget(target);
  const { target: own } = locator;
  const path = own.kind === 'purl' ? own.path : undefined;
  const moved = parsed.kind === 'purl' && path !== undefined ? { ...parsed, path } : parsed;
  return printLocator({ ...locator, target: moved });
}

function resolved(stored: Stored, { module, isPlaceKnown }: Located): Resolution {
  const product = stored.examination.product.digest;
  return { state: 'resolved', stored, product, module, isPlaceKnown };
}

function lacking(one: Lack): Resolution {
  return { state: 'lacking', lacks: [one] };
}
