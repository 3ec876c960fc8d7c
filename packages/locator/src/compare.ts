import { orderGuards, printGuard } from './guard.ts';
import type { ContainerPath, Locator, Place, PlaceKind, Position, Target } from './locator.ts';
import { printPurl } from './purl.ts';

/** The order of kinds within a module: the whole, then source, then addresses, then names and records. */
const PLACE_ORDER: Readonly<Record<PlaceKind, number>> = {
  all: 0,
  line: 1,
  off: 2,
  rva: 3,
  va: 4,
  sec: 5,
  sym: 6,
  il: 7,
  wasm: 8,
  rec: 9,
};

/**
 * A total order: product, then path, then place, then guards. Text is
 * compared by UTF-16 code units, never by locale; addresses and lines as
 * numbers. Zero exactly when the canonical texts are equal.
 */
export function compareLocators(a: Locator, b: Locator): number {
  return (
    compareTargets(a.target, b.target) ||
    comparePlaces(a.place, b.place) ||
    compareText(guardText(a), guardText(b))
  );
}

export function equalLocators(a: Locator, b: Locator): boolean {
  return compareLocators(a, b) === 0;
}

export function compareTargets(a: Target, b: Target): number {
  return (
    compareText(productText(a), productText(b)) || comparePaths(pathOfTarget(a), pathOfTarget(b))
  );
}

export function comparePlaces(a: Place, b: Place): number {
  return PLACE_ORDER[a.kind] - PLACE_ORDER[b.kind] || compareKeys(keysOf(a), keysOf(b));
}

type Key = string | bigint | number;

/** What orders places of one kind; absent parts come before present ones. */
function keysOf(place: Place): readonly Key[] {
  switch (place.kind) {
    case 'all':
      return [];
    case 'rva':
    case 'va':
    case 'off':
      return [place.address, place.length ?? -1];
    case 'sec':
      return [place.name, place.offset];
    case 'sym':
      return [place.name, place.offset ?? -1n];
    case 'il':
      return [place.token, place.offset ?? -1n];
    case 'wasm':
      return [place.func, place.offset ?? -1n];
    case 'line':
      return [...positionKeys(place.start), ...positionKeys(place.end)];
    case 'rec':
      return [place.id];
    default:
      return place satisfies never;
  }
}

function positionKeys(position: Position | undefined): readonly number[] {
  return [position?.line ?? 0, position?.column ?? 0];
}

function compareKeys(a: readonly Key[], b: readonly Key[]): number {
  for (const [index, key] of a.entries()) {
    const other = b[index]!;
    if (key < other) return -1;
    if (key > other) return 1;
  }
  return 0;
}

function comparePaths(a: ContainerPath, b: ContainerPath): number {
  for (let depth = 0; depth < Math.max(a.length, b.length); depth += 1) {
    const order = compareSegments(a[depth], b[depth]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegments(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): number {
  if (a === undefined || b === undefined)
    return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = compareText(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function productText(target: Target): string {
  switch (target.kind) {
    case 'purl':
      return printPurl(target.purl);
    case 'gitoid':
      return `gitoid:${target.sha256}`;
    case 'swh':
      return `swh:${target.sha1}`;
    default:
      return target satisfies never;
  }
}

function pathOfTarget(target: Target): ContainerPath {
  return target.kind === 'purl' ? (target.path ?? []) : [];
}

function guardText({ guards }: Locator): string {
  return orderGuards(guards).map(printGuard).join(' ');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
