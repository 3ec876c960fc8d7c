/**
 * Which patterns a rule may hold. They meet text that an attacker wrote, so
 * each takes time linear in the text's length: no backreference, no
 * lookaround, every repetition bounded and not nested, and at most
 * `MAX_COST` steps from one start.
 */

/** Steps that one start may cost, by the product of the bounds that follow one another. */
const MAX_COST = 100_000;

/** What is wrong with a pattern; undefined when nothing is. */
export function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return `not a pattern: ${(error as Error).message}`;
  }
  const bare = pattern.replaceAll(/\\u\{[^}]*\}|\\[^1-9k]/g, 'a').replaceAll(/\[[^\]]*\]/g, 'a');
  if (/\\[1-9k]/.test(bare)) return 'a backreference';
  if (/\(\?(?:[=!]|<[=!])/.test(bare)) return 'a lookaround';
  if (/[*+]|\{\d+,\}/.test(bare)) return 'a repetition without bound: write {0,64}';
  if (/\)\{/.test(bare)) return 'a repeated group';
  const cost = costOf(bare);
  return cost > MAX_COST ? `repetitions of ${cost} steps, above ${MAX_COST}` : undefined;
}

/** Steps that a start can cost: what follows one another multiplies, of alternatives the dearest counts. */
function costOf(pattern: string): number {
  const outer: { readonly dearest: number; readonly cost: number }[] = [];
  let dearest = 1;
  let cost = 1;
  for (const [part, bound] of pattern.matchAll(/[(|)]|\{(?:\d+,)?(\d+)\}/g)) {
    if (bound !== undefined) cost *= Math.max(1, Number(bound));
    else if (part === '|') [dearest, cost] = [Math.max(dearest, cost), 1];
    else if (part === '(') {
      outer.push({ dearest, cost });
      [dearest, cost] = [1, 1];
    } else {
      const group = outer.pop()!;
      [dearest, cost] = [group.dearest, group.cost * Math.max(dearest, cost)];
    }
  }
  return Math.max(dearest, cost);
}
