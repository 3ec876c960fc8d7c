/** A rule's logic over numbered features. */
export type Test =
  | { readonly op: 'has'; readonly id: number }
  | { readonly op: 'all' | 'any'; readonly of: readonly Test[] }
  | { readonly op: 'not'; readonly of: Test }
  | { readonly op: 'some'; readonly least: number; readonly of: readonly Test[] }
  | { readonly op: 'count'; readonly id: number; readonly least: number; readonly most: number }
  /** What is the same in every module: features that code cannot have. */
  | { readonly op: 'fixed'; readonly holds: boolean };

/** Features with the places that have them. */
export type Found = Map<number, Places>;

/**
 * Places (RVAs) of a feature; -1 is the module as a whole. Most features have
 * one place, which is kept as the number that it is.
 */
export type Places = number | Set<number>;

export const WHOLE = -1;

export function add(found: Found, id: number, place: number): void {
  if (id < 0) return;
  const places = found.get(id);
  if (places === undefined) found.set(id, place);
  else if (typeof places !== 'number') places.add(place);
  else if (places !== place) found.set(id, new Set([places, place]));
}

export function addAll(found: Found, from: Found): void {
  for (const [id, places] of from) {
    if (typeof places === 'number') add(found, id, places);
    else for (const place of places) add(found, id, place);
  }
}

function countOf(places: Places | undefined): number {
  if (places === undefined) return 0;
  return typeof places === 'number' ? 1 : places.size;
}

export function holds(test: Test, found: Found): boolean {
  switch (test.op) {
    case 'has':
      return found.has(test.id);
    case 'all':
      for (const child of test.of) if (!holds(child, found)) return false;
      return true;
    case 'any':
      for (const child of test.of) if (holds(child, found)) return true;
      return false;
    case 'not':
      return !holds(test.of, found);
    case 'some': {
      let left = test.least;
      for (const child of test.of) {
        if (left === 0) break;
        if (holds(child, found)) left -= 1;
      }
      return left <= 0;
    }
    case 'count': {
      const count = countOf(found.get(test.id));
      return count >= test.least && count <= test.most;
    }
    case 'fixed':
      return test.holds;
    default:
      return test satisfies never;
  }
}

/** A feature that made a rule match, and its first place. */
export interface Ground {
  readonly id: number;
  readonly place: number;
}

/** What made a test hold: the features found, in the order of the rule. */
export function groundsOf(test: Test, found: Found): Ground[] {
  switch (test.op) {
    case 'has':
    case 'count': {
      const places = found.get(test.id);
      if (places === undefined) return [];
      return [{ id: test.id, place: firstOf(places) }];
    }
    case 'all':
    case 'any':
    case 'some':
      return test.of.flatMap((child) => (holds(child, found) ? groundsOf(child, found) : []));
    case 'not':
    case 'fixed':
      return [];
    default:
      return test satisfies never;
  }
}

/** Places are added in order of address, so the first few hold the lowest. */
function firstOf(places: Places): number {
  if (typeof places === 'number') return places;
  let first = Number.POSITIVE_INFINITY;
  let left = 8;
  for (const place of places) {
    first = Math.min(first, place);
    left -= 1;
    if (left === 0) break;
  }
  return first;
}
