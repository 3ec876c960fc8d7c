import type { z } from 'zod';
import type { codeLine, modules } from '../contract/modules.ts';
import type { AnswerOf } from '../contract/route.ts';

export type CodeLine = z.output<typeof codeLine>;
export type CodeAnswer = AnswerOf<typeof modules.code>;

/** The lines of an answer, before it is told whose they are. */
export type CodeLines = Pick<CodeAnswer, 'lines' | 'next' | 'unread' | 'type'>;

/** Which lines are wanted: so many from the first, or so many around the place. */
export interface Wanted {
  readonly limit: number;
  readonly around?: number;
}

/** The lines that are wanted of those that were decoded; `index` is of the place. */
export function wantedOf<Line>(
  lines: readonly Line[],
  index: number,
  { limit, around }: Wanted,
): readonly Line[] {
  if (around === undefined) return lines.slice(0, limit);
  return lines.slice(Math.max(0, index - around), index + around + 1);
}
