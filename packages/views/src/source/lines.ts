import { decodeText } from '@avow/bytes';
import type { Position } from '@avow/locator';

/** What is looked at of a text: the lines of a place and some around them. */
export interface SourceSpan {
  readonly start: Position;
  readonly end: Position;
  readonly context: number;
}

/** A line, and the UTF-16 units of it that the place covers, from 0; undefined for lines of context. */
export interface MarkedLine {
  readonly number: number;
  readonly text: string;
  readonly marked: { readonly from: number; readonly to: number } | undefined;
}

/** Lines as our results and editors count them: U+2028 and U+2029 end none. */
const LINE_END = /\r\n|[\n\r]/;

export function linesOf(bytes: Uint8Array): string[] {
  return decodeText(bytes).text.split(LINE_END);
}

/** The lines of a place and some around it; undefined where the text has no such line. */
export function linesAround(bytes: Uint8Array, span: SourceSpan): MarkedLine[] | undefined {
  const lines = linesOf(bytes);
  if (span.start.line > lines.length) return undefined;
  const first = Math.max(1, span.start.line - span.context);
  const last = Math.min(lines.length, span.end.line + span.context);
  const shown: MarkedLine[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1]!;
    shown.push({ number, text, marked: markedColumns(text, number, span) });
  }
  return shown;
}

function markedColumns(
  line: string,
  number: number,
  { start, end }: SourceSpan,
): { from: number; to: number } | undefined {
  if (number < start.line || number > end.line) return undefined;
  const from = number === start.line ? (start.column ?? 1) - 1 : 0;
  const to = number === end.line && end.column !== undefined ? end.column - 1 : line.length;
  const hasEnd = end.line !== start.line || (end.column ?? 0) > (start.column ?? 0);
  return { from: Math.min(from, line.length), to: hasEnd ? Math.min(to, line.length) : from + 1 };
}
