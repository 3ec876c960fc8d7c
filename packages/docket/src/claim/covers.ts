import type { Span } from '@avow/examine/places';
import { type Locator, type Place, type Position, parseLocator, printPlace } from '@avow/locator';
import { memberOf, type Stored, type StoredFunction } from './stored.ts';

/**
 * Whether a claim that names one place speaks of others: the same place, the
 * same line where it names no column, or a place in the innermost function
 * that both are in. A neighbouring function is another place.
 */
export function coverage(claimed: Locator, stored: Stored): (found: string) => boolean {
  const path = memberOf(claimed);
  const place = inLines(claimed.place, path, stored);
  const isInSameFunction = functionTest(place, path, stored);
  const span = spanOf(path, place, stored);
  return (found) => {
    const other = parseLocator(found);
    if (place.kind === 'rec' || other.place.kind === 'rec') {
      return printPlace(place) === printPlace(other.place) && isInFile(claimed, other);
    }
    if (path !== memberOf(other)) return false;
    if (place.kind === 'all') return true;
    if (other.place.kind === 'line' && (place.kind === 'line' || place.kind === 'sym')) {
      const at = other.place.start;
      return (place.kind === 'line' && coversLines(place, at)) || isInSameFunction(at);
    }
    const there = spanOf(path, other.place, stored);
    if (span !== undefined && there !== undefined) return coversSpan(span, there);
    return printPlace(place) === printPlace(other.place);
  };
}

/** Bytes of a script are lines and columns; everywhere else they are what they are. */
function inLines(place: Place, path: string | undefined, stored: Stored): Place {
  if (place.kind !== 'off' || path === undefined) return place;
  const start = stored.positionOf?.(path, place.address);
  return start === undefined ? place : { kind: 'line', start };
}

function spanOf(path: string | undefined, place: Place, stored: Stored): Span | undefined {
  const found = path === undefined ? undefined : stored.find?.(path, place);
  return found?.state === 'here' ? found.span : undefined;
}

/** With a length, those bytes; else the function around it, as with lines. */
function coversSpan(claimed: Span, { start }: Span): boolean {
  const { within } = claimed;
  if (start >= claimed.start && start < claimed.end) return true;
  const isWide = claimed.end - claimed.start > 1;
  return !isWide && within !== undefined && start >= within.start && start < within.end;
}

function functionTest(
  place: Place,
  path: string | undefined,
  stored: Stored,
): (at: Position) => boolean {
  let around: ((at: Position) => boolean) | undefined;
  return (at) => {
    around ??= sameFunction(place, functionsOf(path, stored));
    return around(at);
  };
}

/** A record is named by its database or by the file within it. */
function isInFile(claimed: Locator, found: Locator): boolean {
  const [path, other] = [memberOf(claimed), memberOf(found)];
  if (path === undefined || other === undefined || path === other) return true;
  return (
    other.startsWith(`${path}!/`) || other.startsWith(`${path}/`) || path.startsWith(`${other}!/`)
  );
}

function coversLines(
  { start, end }: Extract<Locator['place'], { kind: 'line' }>,
  at: Position,
): boolean {
  if (end !== undefined) return at.line >= start.line && at.line <= end.line;
  return at.line === start.line && (start.column === undefined || start.column === at.column);
}

/** Tells whether a place is in the function that a line or a name means, and in none within it. */
function sameFunction(
  place: Locator['place'],
  functions: readonly StoredFunction[],
): (at: Position) => boolean {
  if (place.kind === 'sym') {
    const named = functions.filter(({ name }) => name === place.name);
    return (at) => named.some((one) => isIn(at, one));
  }
  const own = place.kind === 'line' ? innermost(place.start, functions) : undefined;
  if (own === undefined) return () => false;
  const within = functions.filter((one) => one !== own && isIn(one.start, own));
  return (at) => isIn(at, own) && !within.some((one) => isIn(at, one));
}

function functionsOf(path: string | undefined, stored: Stored): readonly StoredFunction[] {
  return (path === undefined ? undefined : stored.functionsOf?.(path)) ?? [];
}

/** Without a column, the function that the line starts in or that starts on it. */
function innermost(at: Position, functions: readonly StoredFunction[]): StoredFunction | undefined {
  const around = functions.filter((one) => isIn(at, one));
  return around.reduce<StoredFunction | undefined>(
    (best, one) => (best === undefined || isAfter(one.start, best.start) ? one : best),
    undefined,
  );
}

function isIn(at: Position, { start, end }: StoredFunction): boolean {
  const column = at.column;
  if (column === undefined) return at.line >= start.line && at.line <= end.line;
  const point = { line: at.line, column };
  return !isAfter(start, point) && !isAfter(point, end);
}

function isAfter(
  one: { readonly line: number; readonly column: number },
  other: { readonly line: number; readonly column: number },
): boolean {
  return one.line > other.line || (one.line === other.line && one.column > other.column);
}
