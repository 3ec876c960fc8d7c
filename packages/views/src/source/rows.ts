import { utf8Bytes } from '@avow/bytes';
import { foldedLine, type Piece } from './fold.ts';
import { linesOf } from './lines.ts';

/** A line of a text, or a piece of a long one. */
export interface SourceRow {
  /** Number of the line. */
  readonly at: string;
  /** Where a piece of a long line begins, from 1; absent at a line's beginning. */
  readonly column?: number;
  readonly text: string;
  readonly isPlace: boolean;
}

/** Rows of one place. */
const MAX_ROWS = 400;

interface At {
  readonly line: number;
  readonly column?: number;
}

/** Rows around a place, long lines in pieces; undefined when the text has no such line. */
export function sourceRows(
  bytes: Uint8Array,
  from: At,
  to: At,
  context: number,
): { start: number; end: number; lines: SourceRow[] } | undefined {
  const all = linesOf(bytes);
  if (from.line > all.length) return undefined;
  const first = Math.max(1, from.line - context);
  const last = Math.min(all.length, to.line + context, first + MAX_ROWS);
  const rows: SourceRow[] = [];
  let marked = 0;
  for (let line = first; line <= last; line++) {
    const isWithin = line >= from.line && line <= to.line;
    if (line === from.line) marked = rows.length;
    const pieces = foldedLine(all[line - 1]!);
    const here = isWithin ? pieceAt(pieces, line === from.line ? (from.column ?? 1) : 1) : 0;
    const [begin, end] = windowOf(pieces, here, isWithin ? context : 0);
    if (line === from.line) marked += here - begin;
    for (let at = begin; at < end; at++) {
      const { column, text } = pieces[at]!;
      const isPlace = isWithin && (at === here || from.line !== to.line);
      const isCut = at === end - 1 && end < pieces.length;
      rows.push({
        at: String(line),
        ...(column === 1 ? {} : { column }),
        text: isCut ? `${text}…` : text,
        isPlace,
      });
    }
  }
  const start = utf8Bytes(all.slice(0, from.line - 1).join('\n')).length + (from.line > 1 ? 1 : 0);
  const end = start + utf8Bytes(all.slice(from.line - 1, to.line).join('\n')).length;
  // Around the place as many rows as were asked for, of whichever lines they are.
  const lines = rows.slice(Math.max(0, marked - context), marked + context + MAX_ROWS);
  return { start, end, lines: lines.slice(0, MAX_ROWS + 1) };
}

function pieceAt(pieces: readonly Piece[], column: number): number {
  return Math.max(
    0,
    pieces.findLastIndex((piece) => piece.column <= column),
  );
}

/** The pieces that are shown of one line: those of a place with some around, of others the first. */
function windowOf(
  { length }: readonly Piece[],
  here: number,
  context: number,
): readonly [number, number] {
  const begin = Math.max(0, here - context);
  return [begin, Math.min(length, here + context + 1, begin + MAX_ROWS)];
}
