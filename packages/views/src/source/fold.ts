/** A piece of a long line; `column` is that of its first character, a 1-based UTF-16 code unit. */
export interface Piece {
  readonly column: number;
  readonly text: string;
}

/** A line longer than this is no line that a person wrote: it is shown in pieces. */
export const LONG_LINE = 300;
/** A piece ends behind the first end of a statement or part of one after so many characters. */
const LEAST = 60;
/** And here at the latest. */
const MOST = 160;
const ENDS = new Set([';', '{', '}', ',']);

/** A long line in pieces that can be read, each with its true column. Linear in the line. */
export function foldedLine(text: string): readonly Piece[] {
  if (text.length <= LONG_LINE) return [{ column: 1, text }];
  const pieces: Piece[] = [];
  for (let from = 0; from < text.length; ) {
    const to = endOfPiece(text, from);
    pieces.push({ column: from + 1, text: text.slice(from, to) });
    from = to;
  }
  return pieces;
}

function endOfPiece(text: string, from: number): number {
  const latest = Math.min(from + MOST, text.length);
  for (let at = from + LEAST; at < latest; at++) {
    if (ENDS.has(text[at]!)) return at + 1;
  }
  // Never between the halves of one character.
  const isHalf = latest < text.length && /[\ud800-\udbff]/.test(text[latest - 1]!);
  return isHalf ? latest - 1 : latest;
}
