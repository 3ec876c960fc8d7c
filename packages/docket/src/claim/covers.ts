import { type Locator, type Position, parseLocator, printPlace } from '@avow/locator';
import { memberOf, type Stored, type StoredFunction } from './stored.ts';

/**
 * Whether a claim that names one place speaks of another: the same place, the
 * same line where it names no column, or a place in the innermost function
 * that both are in. A neighbouring function is another place.
 */
export function covers(claimed: Locator, found: string, stored: Stored): boolean {
  const other = parseLocator(found);
  if (claimed.place.kind === 'rec' || other.place.kind === 'rec') {
    return printPlace(claimed.place) === printPlace(other.place) && isInFile(claimed, other);
  }
  const path = memberOf(claimed);
  if (path !== memberOf(other)) return false;
  const { place } = claimed;
  if (place.kind === 'all') return true;
  if (place.kind === 'line' && other.place.kind === 'line') {
    const at = other.place.start;
    return coversLines(place, at) || isSameFunction(place.start, at, path, stored);
  }
  if (place.kind === 'sym' && other.place.kind === 'line') {
    const at = other.place.start;
    return functionsOf(path, stored).some((one) => one.name === place.name && isIn(at, one));
  }
  if ('address' in place && 'address' in other.place && place.kind === other.place.kind) {
    const length = BigInt(place.length ?? 1);
    return other.place.address >= place.address && other.place.address < place.address + length;
  }
  return printPlace(place) === printPlace(other.place);
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

function isSameFunction(
  one: Position,
  other: Position,
  path: string | undefined,
  stored: Stored,
): boolean {
  const functions = functionsOf(path, stored);
  const [a, b] = [innermost(one, functions), innermost(other, functions)];
  return a !== undefined && a === b;
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
