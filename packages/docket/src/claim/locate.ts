import { type Locator, type Position, pathOf, printLocator, printPlace } from '@avow/locator';
import { aroundLine, featuresOf } from './around.ts';
import { type Lack, lack } from './lack.ts';
import { nearestOrFirst } from './nearest.ts';
import { memberOf, type Release, type StoredFile } from './stored.ts';

/** A place that a release has; not known where no reader could tell. */
export interface Located {
  readonly module: StoredFile;
  readonly isPlaceKnown: boolean;
}

/** Looks a place up in one release, or says what is there instead. */
export function locate(locator: Locator, release: Release): Located | Lack {
  if (locator.place.kind === 'rec') return recordIn(locator, locator.place.id, release);
  const module = moduleIn(locator, release);
  if ('reason' in module) return module;
  const stale = staleOf(locator, module);
  if (stale !== undefined) return stale;
  const outside = outsideOf(locator, module, release);
  if (outside === 'unknown') return { module, isPlaceKnown: false };
  return outside ?? { module, isPlaceKnown: true };
}

function moduleIn(locator: Locator, release: Release): StoredFile | Lack {
  const { files, places, target } = release;
  const path = memberOf(locator);
  if (path === undefined) {
    if (files.length === 1) return files[0]!;
    const features = featuresOf(release);
    const names = features.length > 0 ? features : files.map((one) => one.path);
    return lack('missing-module', 'the locator names a product, but no file in it', names);
  }
  const found = files.find((one) => one.path === path);
  if (found !== undefined) {
    const slices = places.slicesOf?.(path) ?? [];
    if (slices.length === 0 || locator.place.kind === 'off') return found;
    const says = `${path} holds code for several processors`;
    return lack(
      'no-such-module',
      says,
      slices.map((slice) => `${path}!/${slice}`),
    );
  }
  const enter = path.lastIndexOf('!/');
  const holder = files.find((one) => one.path === path.slice(0, Math.max(0, enter)));
  if (holder !== undefined && places.slicesOf?.(holder.path).includes(path.slice(enter + 2))) {
    return holder;
  }
  const near = nearestOrFirst(path, new Set(files.map((one) => one.path)));
  return lack('no-such-module', `${target} has no file ${path}`, near);
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
  { files, records, target }: Release,
): Located | Lack {
  const path = memberOf(locator);
  const isIn = (file: string): boolean =>
    path === undefined ||
    file === path ||
    file.startsWith(`${path}!/`) ||
    file.startsWith(`${path}/`);
  const found = records.filter((one) => one.id === id && isIn(one.path));
  const holders = [...new Set(found.map((one) => one.path))];
  if (holders.length > 1 && !holders.includes(path ?? '')) {
    const says = `${holders.length} databases have a record ${id}`;
    return lack(
      'ambiguous',
      says,
      holders.map((one) => inFile(locator, one)),
    );
  }
  const record = found.find((one) => one.path === path) ?? found[0];
  if (record !== undefined) {
    const module = files.find((file) => file.path === record.path) ??
      files.find((file) => record.path.startsWith(`${file.path}!/`)) ?? { ...record, size: 0 };
    return staleOf(locator, module) ?? { module, isPlaceKnown: true };
  }
  const named = records.filter((one) => one.id !== '');
  const inOther = named.find((one) => one.id === id)?.path;
  const elsewhere = inOther === undefined ? [] : [`${id} of ${inOther}`];
  const near = nearestOrFirst(id, new Set(named.map((one) => one.id)));
  const where = path === undefined || named.some((one) => isIn(one.path)) ? '' : ` in ${path}`;
  return lack('no-such-record', `${target} has no record ${id}${where}`, [...elsewhere, ...near]);
}

function inFile(locator: Locator, file: string): string {
  const { target } = locator;
  if (target.kind !== 'purl') return printLocator(locator);
  return printLocator({ ...locator, target: { ...target, path: pathOf(file) } });
}

/** Where the module has no such place; `unknown` where no reader can tell. */
function outsideOf(
  { place, target }: Locator,
  module: StoredFile,
  release: Release,
): Lack | 'unknown' | undefined {
  const { places, examination } = release;
  const path = memberOf({ target, place, guards: [] }) ?? module.path;
  const found = places.find?.(path, place);
  if (found?.state === 'here') return undefined;
  if (found?.state === 'outside') {
    const near = found.near.length > 0 ? found.near : aroundLine(module.path, 1, release);
    return lack('outside-image', `${path}: ${found.says}`, near);
  }
  if (found?.state === 'no-name') {
    const name = place.kind === 'sym' || place.kind === 'sec' ? place.name : '';
    return lack('no-such-symbol', `${path}: ${found.says}`, nearestOrFirst(name, found.names));
  }
  switch (place.kind) {
    case 'line': {
      const lines = places.lineLengths?.(module.path);
      if (lines === undefined) return 'unknown';
      const isInside = [place.start, place.end ?? place.start].every((at) => isWithin(at, lines));
      if (isInside) return undefined;
      const says = `${module.path} has ${lines.length} lines; ${printPlace(place)} is not in it`;
      return lack('outside-image', says, aroundLine(module.path, place.start.line, release));
    }
    case 'off': {
      if (place.address + BigInt(place.length ?? 1) <= BigInt(module.size)) return undefined;
      const says = `${module.path} has 0x${module.size.toString(16)} bytes`;
      const last = places.lineLengths?.(module.path)?.length ?? 1;
      return lack('outside-image', says, aroundLine(module.path, last, release));
    }
    case 'sym': {
      const functions = places.functionsOf?.(module.path);
      if (functions === undefined) return 'unknown';
      const names = new Set(functions.flatMap(({ name }) => (name === '' ? [] : [name])));
      if (names.has(place.name)) return undefined;
      const says = `${module.path} has no function ${place.name}`;
      return lack('no-such-symbol', says, nearestOrFirst(place.name, names));
    }
    case 'all': {
      const isUnread = examination?.modules.some(
        (one) => one.path === module.path && one.state !== 'read',
      );
      if (isUnread === true) return undefined;
      const says = `the whole of ${module.path} is no place; these are places in it`;
      return lack('missing-place', says, aroundLine(module.path, 1, release));
    }
    default:
      return 'unknown';
  }
}

function isWithin({ line, column }: Position, lines: readonly number[]): boolean {
  const length = lines[line - 1];
  return length !== undefined && (column === undefined || column <= length + 1);
}
