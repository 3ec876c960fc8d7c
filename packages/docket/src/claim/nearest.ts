/** Names compared with one wanted; of more, the first are compared. */
const MAX_NAMES = 20_000;
/** Of a file's name or a record's id: what is beyond is not compared. */
const MAX_NAME = 100;

/** The names most like `wanted`, the likest first: same file name, then by edits and shared ends. */
export function nearestNames(
  wanted: string,
  names: Iterable<string>,
  count = 5,
): readonly string[] {
  const scored: { name: string; score: number }[] = [];
  const distance = distanceFrom(wanted);
  let seen = 0;
  for (const name of names) {
    if (seen++ >= MAX_NAMES) break;
    const score = distance(name);
    if (score < 0.6) scored.push({ name, score });
  }
  scored.sort((one, other) => one.score - other.score || (one.name < other.name ? -1 : 1));
  return scored.slice(0, count).map(({ name }) => name);
}

/** The nearest names; where none is like it, the first that there are: something to choose from. */
export function nearestOrFirst(
  wanted: string,
  names: Iterable<string>,
  count = 5,
): readonly string[] {
  const all = [...names];
  const near = nearestNames(wanted, all, count);
  return near.length > 0 ? near : all.slice(0, count);
}

/** From 0 (the same) to 1: names of files are compared, whatever folder they are in. */
function distanceFrom(wanted: string): (name: string) => number {
  const whole = wanted.toLowerCase();
  const [last, stem] = [lastOf(whole), stemOf(whole)];
  return (name) => {
    const other = name.toLowerCase();
    if (other === whole) return 0;
    const otherLast = lastOf(other);
    if (otherLast === last) return 0.05;
    if (stemOf(other) === stem) return 0.1;
    return 0.1 + share(last, otherLast);
  };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function stemOf(path: string): string {
  return lastOf(path).replace(/\.[^.]+$/, '');
}

function share(one: string, other: string): number {
  const [a, b] = [one.slice(0, MAX_NAME), other.slice(0, MAX_NAME)];
  const longest = Math.max(a.length, b.length, 1);
  // So far apart in length that no spelling mistake explains it.
  if (Math.abs(a.length - b.length) > longest / 2) return 1;
  return edits(a, b) / longest;
}

/** Levenshtein's distance. */
function edits(one: string, other: string): number {
  let row = Uint8Array.from({ length: other.length + 1 }, (_, index) => index);
  let next = new Uint8Array(other.length + 1);
  for (let i = 1; i <= one.length; i++) {
    next[0] = i;
    for (let j = 1; j <= other.length; j++) {
      const change = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
    }
    [row, next] = [next, row];
  }
  return row[other.length]!;
}
