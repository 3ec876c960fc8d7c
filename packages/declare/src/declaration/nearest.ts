/** Words longer than this are never near to one of ours. */
const MAX_WORD = 64;

/**
 * The word of `words` that `text` was most likely meant to be: the least
 * number of letters changed, added, dropped or swapped (restricted
 * Damerau-Levenshtein), at most a third of them; undefined when none is near.
 */
export function nearest(text: string, words: readonly string[]): string | undefined {
  if (text.length > MAX_WORD) return undefined;
  const wanted = text.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const word of words) {
    if (Math.abs(word.length - wanted.length) >= least) continue;
    const steps = distance(wanted, word.toLowerCase());
    if (steps < least) [best, least] = [word, steps];
  }
  return best;
}

function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let steps = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        steps = Math.min(steps, beforeLast[j - 2]! + 1);
      }
      row.push(steps);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
