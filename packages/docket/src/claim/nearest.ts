/** Names compared with one wanted; of more, the first are compared. */
const MAX_NAMES = 20_000;
/** Longer names are not compared letter by letter. */
const MAX_NAME = 200;

/** The names most like `wanted`, the likest first: same file name, then by edits and shared ends. */
export function nearestNames(
  wanted: string,
  names: Iterable<string>,
  count = 5,
): readonly string[] {
  const scored: { name: string; score: number }[] = [];
  let seen = 0;
  for (const name of names) {
    if (seen++ >= MAX_NAMES) break;
    const score = distance(wanted, name);
    if (score < 0.6) scored.push({ name, score });
  }
  scored.sort((one, other) => one.score - other.score || (one.name < other.name ? -1 : 1));
  return scored.slice(0, count).map(({ name }) => name);
}

/** From 0 (the same) to 1, of whole names or of their last parts, whichever is nearer. */
function distance(wanted: string, name: string): number {
  const [one, other] = [wanted.toLowerCase(), name.toLowerCase()];
  if (one === other) return 0;
  const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const stem = (path: string): string => last(path).replace(/\.[^.]+$/, '');
  if (last(one) === last(other)) return 0.05;
  if (stem(one) === stem(other)) return 0.1;
  return Math.min(share(one, other), 0.1 + share(last(one), last(other)));
}

function share(one: string, other: string): number {
  const [a, b] = [one.slice(0, MAX_NAME), other.slice(0, MAX_NAME)];
  return edits(a, b) / Math.max(a.length, b.length, 1);
}

/** Levenshtein's distance. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
