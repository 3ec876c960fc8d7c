import { decodeText } from '@avow/bytes';
import { foldedLine, type Piece } from './fold.ts';

export interface Line {
  readonly at: string;
  /** Where a piece of a long line begins, from 1; absent at a line's beginning. */
  readonly column?: number;
  readonly text: string;
  readonly isPlace: boolean;
}

/** Lines as our results and editors count them: U+2028 and U+2029 end none. */
const LINE_END = /\r\n|[\n\r]/;
/** Rows of one place. */
const MAX_ROWS = 400;
const ROW = 16;

interface At {
  readonly line: number;
  readonly column?: number;
}

/** Rows around a place, long lines in pieces; undefined when the text has no such line. */
export function sourceView(
  bytes: Uint8Array,
  from: At,
  to: At,
  context: number,
): { start: number; end: number; lines: Line[] } | undefined {
  const all = decodeText(bytes).text.split(LINE_END);
  if (from.line > all.length) return undefined;
  const first = Math.max(1, from.line - context);
  const last = Math.min(all.length, to.line + context, first + MAX_ROWS);
  const rows: Line[] = [];
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
  const start = Buffer.byteLength(all.slice(0, from.line - 1).join('\n')) + (from.line > 1 ? 1 : 0);
  const end = start + Buffer.byteLength(all.slice(from.line - 1, to.line).join('\n'));
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

/** Rows of 16 bytes from `base`, those of the place marked. */
export function hexLines(bytes: Uint8Array, base: number, start: number, end: number): Line[] {
  const lines: Line[] = [];
  for (let row = 0; row < bytes.length; row += ROW) {
    const piece = bytes.subarray(row, row + ROW);
    const at = base + row;
    const hex = [...piece].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = [...piece].map(printable).join('');
    lines.push({
      at: `0x${at.toString(16).padStart(8, '0')}`,
      text: `${hex.padEnd(ROW * 3 - 1)}  ${text}`,
      isPlace: at < end && at + ROW > start,
    });
  }
  return lines;
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
