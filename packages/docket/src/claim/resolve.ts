import type { Digest } from '@avow/bytes';
import { type Locator, type Position, parseLocator, printPlace } from '@avow/locator';
import { nearestNames } from './nearest.ts';
import type { ReasonCode } from './reasons.ts';
import { memberOf, nameOf, productOf, type Stored, type StoredFile, targetOf } from './stored.ts';

/** One thing that keeps a locator from naming a place, with what may have been meant. */
export interface Lack {
  readonly reason: ReasonCode;
  /** What was looked for, and what is there instead. */
  readonly says: string;
  readonly candidates: readonly string[];
}

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

/** Candidates of each kind that are listed. */
const MAX_CANDIDATES = 5;

/** Finds the bytes that a locator names among stored products, or says all that is wrong with it. */
export function resolveClaim(locator: Locator, all: readonly Stored[]): Resolution {
  const wanted = productOf(locator);
  const releases = all.filter((one) => nameOf(targetOf(one)) === nameOf(wanted));
  const named = releases.filter((one) => targetOf(one) === wanted);
  if (named.length === 0) return lacking(productLack(locator, wanted, all, releases));
  const contents = new Map(named.map((one) => [one.examination.product.digest, one]));
  if (contents.size > 1) return amongContents(locator, wanted, [...contents.values()]);
  return within(locator, named[0]!, releases);
}

function productLack(
  locator: Locator,
  wanted: string,
  all: readonly Stored[],
  releases: readonly Stored[],
): Lack {
  if (releases.length > 0) {
    const fits = releases.filter((one) => within(locator, one, []).state === 'resolved');
    const names = (fits.length > 0 ? fits : releases).map(targetOf);
    const also = fits.length > 0 ? '; the place is in those listed' : '';
    return lack(
      'no-such-version',
      `${wanted} is not stored${also}`,
      names.slice(0, MAX_CANDIDATES),
    );
  }
  return lack(
    'no-such-product',
    `${wanted} is not stored`,
    nearestNames(wanted, all.map(targetOf)),
  );
}

/** One number with two contents: the digest in the claim decides, nothing else may. */
function amongContents(locator: Locator, wanted: string, contents: readonly Stored[]): Resolution {
  const bound = locator.guards.some(({ kind }) => kind === 'sha256');
  const fits = bound ? contents.map((one) => within(locator, one, [])) : [];
  const resolved = fits.filter(({ state }) => state === 'resolved');
  if (resolved.length === 1) return resolved[0]!;
  const digests = contents.map(({ examination }) => examination.product.digest);
  return lacking(
    lack('two-contents', `${wanted} is known with ${digests.length} contents`, digests),
  );
}

function within(locator: Locator, stored: Stored, releases: readonly Stored[]): Resolution {
  const { place } = locator;
  if (place.kind === 'rec') return recordIn(locator, place.id, stored, releases);
  const module = moduleIn(locator, stored, releases);
  if ('reason' in module) return lacking(module);
  const stale = staleOf(locator, module);
  if (stale !== undefined) return lacking(stale);
  const outside = outsideOf(locator, module, stored);
  if (outside === 'unknown') return resolved(stored, module, false);
  return outside === undefined ? resolved(stored, module, true) : lacking(outside);
}

function moduleIn(
  locator: Locator,
  { files, examination }: Stored,
  releases: readonly Stored[],
): StoredFile | Lack {
  const path = memberOf(locator);
  const found =
    path === undefined && files.length === 1 ? files[0] : files.find((one) => one.path === path);
  if (found !== undefined) return found;
  if (path === undefined) {
    const modules = examination.modules.slice(0, MAX_CANDIDATES).map((one) => one.path);
    return lack('missing-module', 'the locator names a product, but no file in it', modules);
  }
  const near = nearestNames(path, new Set(files.map((one) => one.path)));
  const elsewhere = releases
    .filter((one) => one.files.some((file) => file.path === path))
    .map((one) => `${targetOf(one)}#${path}`);
  const candidates = [...near, ...elsewhere.slice(0, MAX_CANDIDATES)];
  return lack('no-such-module', `${examination.product.target} has no file ${path}`, candidates);
}

function staleOf({ guards }: Locator, { path, digest }: StoredFile): Lack | undefined {
  const guard = guards.find(({ kind }) => kind === 'sha256');
  if (guard?.kind !== 'sha256' || `sha256:${guard.sha256}` === digest) return undefined;
  const says = `the claim is bound to sha256:${guard.sha256}, and ${path} is ${digest}`;
  return lack('stale-digest', says, [digest]);
}

function recordIn(
  locator: Locator,
  id: string,
  stored: Stored,
  releases: readonly Stored[],
): Resolution {
  const path = memberOf(locator);
  const records = stored.records ?? [];
  const isIn = (file: string): boolean =>
    path === undefined ||
    file === path ||
    file.startsWith(`${path}!/`) ||
    file.startsWith(`${path}/`);
  const found = records.find((one) => one.id === id && isIn(one.path));
  if (found !== undefined) {
    const member = stored.files.find((file) => file.path === found.path) ??
      stored.files.find((file) => found.path.startsWith(`${file.path}!/`)) ?? { ...found, size: 0 };
    const stale = staleOf(locator, member);
    return stale === undefined ? resolved(stored, member, true) : lacking(stale);
  }
  const elsewhere = releases
    .filter((one) => one !== stored && one.records?.some((record) => record.id === id) === true)
    .map(targetOf);
  if (elsewhere.length > 0) {
    const says = `${targetOf(stored)} has no record ${id}; the updates listed have it`;
    return lacking(lack('wrong-update', says, elsewhere.slice(0, MAX_CANDIDATES)));
  }
  const ids = new Set(records.filter((one) => one.id !== '').map((one) => one.id));
  const says = `${targetOf(stored)} has no record ${id}`;
  return lacking(lack('no-such-record', says, nearestNames(id, ids)));
}

/** Where the file ends before the place; `unknown` where no reader can tell. */
function outsideOf(
  locator: Locator,
  module: StoredFile,
  stored: Stored,
): Lack | 'unknown' | undefined {
  const { place } = locator;
  switch (place.kind) {
    case 'line': {
      const lines = stored.lineLengths?.(module.path);
      if (lines === undefined) return 'unknown';
      const isInside = [place.start, place.end ?? place.start].every((at) => isWithin(at, lines));
      if (isInside) return undefined;
      const says = `${module.path} has ${lines.length} lines; ${printPlace(place)} is not in it`;
      return lack('outside-image', says, around(module.path, place.start.line, stored));
    }
    case 'off':
      return place.address + BigInt(place.length ?? 1) <= BigInt(module.size)
        ? undefined
        : lack('outside-image', `${module.path} has 0x${module.size.toString(16)} bytes`, []);
    case 'all': {
      const isUnread = stored.examination.modules.some(
        ({ path, state }) => path === module.path && state !== 'read',
      );
      if (isUnread) return undefined;
      const says = `the whole of ${module.path} is no place; these are places in it`;
      return lack('missing-place', says, around(module.path, 1, stored));
    }
    default: {
      const holds = stored.holdsAddress?.(module.path, place);
      if (holds === undefined) return 'unknown';
      if (holds) return undefined;
      const says = `${module.path} has nothing at ${printPlace(place)}`;
      return lack('outside-image', says, around(module.path, 1, stored));
    }
  }
}

function isWithin({ line, column }: Position, lines: readonly number[]): boolean {
  const length = lines[line - 1];
  return length !== undefined && (column === undefined || column <= length + 1);
}

/** Functions and features of a module, the nearest to a line first. */
function around(path: string, line: number, stored: Stored): readonly string[] {
  const functions = (stored.functionsOf?.(path) ?? []).map(({ name, start }) => ({
    line: start.line,
    says: `function ${name || '(without name)'} @line:${start.line}:${start.column}`,
  }));
  const features = stored.examination.features
    .filter(({ locator }) => memberOf(parseLocator(locator)) === path)
    .map(({ feature, locator }) => ({ line: lineOf(locator), says: `${feature} ${locator}` }));
  return [...features, ...functions]
    .sort((one, other) => Math.abs(one.line - line) - Math.abs(other.line - line))
    .slice(0, MAX_CANDIDATES)
    .map(({ says }) => says);
}

function lineOf(locator: string): number {
  const { place } = parseLocator(locator);
  return place.kind === 'line' ? place.start.line : 1;
}

function resolved(stored: Stored, module: StoredFile, isPlaceKnown: boolean): Resolution {
  const product = stored.examination.product.digest;
  return { state: 'resolved', stored, product, module, isPlaceKnown };
}

function lacking(one: Lack): Resolution {
  return { state: 'lacking', lacks: [one] };
}

function lack(reason: ReasonCode, says: string, candidates: readonly string[]): Lack {
  return { reason, says, candidates };
}
