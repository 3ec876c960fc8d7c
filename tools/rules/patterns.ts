/**
 * Which patterns a rule may hold. They meet text that an attacker wrote, so
 * each must take time linear in the text's length under any matcher: every
 * repetition is bounded and not nested, so a start can cost at most
 * `MAX_COST` steps.
 */

/** Product of the bounds of all repetitions in one pattern. */
const MAX_COST = 4096;

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
  let cost = 1;
  for (const bound of bare.matchAll(/\{(?:\d+,)?(\d+)\}/g)) cost *= Math.max(1, Number(bound[1]));
  return cost > MAX_COST ? `repetitions of ${cost} steps, above ${MAX_COST}` : undefined;
}
