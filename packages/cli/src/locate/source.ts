import { decodeText } from '@avow/bytes';
import type { Position } from '@avow/locator';
import { shown } from '../render/shown.ts';
import { styled, type Terminal } from '../render/terminal.ts';

/** What is shown of a text: the lines of a place and some around them. */
export interface SourceView {
  readonly start: Position;
  readonly end: Position;
  readonly context: number;
}

/** Lines as our results and editors count them: U+2028 and U+2029 end none. */
const LINE_END = /\r\n|[\n\r]/;

/** Lines of `bytes` with their numbers, the place marked beneath its columns; undefined where the text has no such line. */
export function sourceView(
  bytes: Uint8Array,
  view: SourceView,
  terminal: Terminal,
): string[] | undefined {
  const lines = decodeText(bytes).text.split(LINE_END);
  if (view.start.line > lines.length) return undefined;
  const first = Math.max(1, view.start.line - view.context);
  const last = Math.min(lines.length, view.end.line + view.context);
  const digits = String(last).length;
  const room = terminal.columns - digits - 5;
  const shownLines: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = lines[number - 1]!;
    const marked = markedColumns(line, number, view);
    const { text, from, to } = windowed(line, marked, room);
    const label = String(number).padStart(digits);
    const isPlace = number >= view.start.line && number <= view.end.line;
    const gutter = isPlace
      ? styled(terminal, 'yellow', `> ${label}`)
      : styled(terminal, 'dim', `  ${label}`);
    shownLines.push(`${gutter} | ${text}`.trimEnd());
    if (marked !== undefined && view.start.column !== undefined) {
      const marks = `${' '.repeat(from)}${'^'.repeat(Math.max(1, to - from))}`;
      shownLines.push(`${' '.repeat(digits + 2)} | ${styled(terminal, 'yellow', marks)}`);
    }
  }
  return shownLines;
}

/** UTF-16 units of `line` that the place covers, from 0; undefined for lines of context. */
function markedColumns(
  line: string,
  number: number,
  { start, end }: SourceView,
): { from: number; to: number } | undefined {
  if (number < start.line || number > end.line) return undefined;
  const from = number === start.line ? (start.column ?? 1) - 1 : 0;
  const to = number === end.line && end.column !== undefined ? end.column - 1 : line.length;
  const hasEnd = end.line !== start.line || (end.column ?? 0) > (start.column ?? 0);
  return { from: Math.min(from, line.length), to: hasEnd ? Math.min(to, line.length) : from + 1 };
}

/** Text before the place that is kept, so that a reader sees what leads to it. */
const LEAD_SHARE = 0.3;

/** The part of a long line that has the place, made safe to print; `from` and `to` are columns of that part. */
function windowed(
  line: string,
  marked: { from: number; to: number } | undefined,
  room: number,
): { text: string; from: number; to: number } {
  const at = marked?.from ?? 0;
  const start =
    line.length <= room
      ? 0
      : Math.max(0, Math.min(at - Math.floor(room * LEAD_SHARE), line.length - room));
  const before = (start > 0 ? '…' : '') + shown(line.slice(start, at));
  const inside = shown(line.slice(at, Math.min(marked?.to ?? at, start + room)));
  const rest = shown(
    line.slice(Math.max(at, Math.min(marked?.to ?? at, start + room)), start + room),
  );
  const whole = before + inside + rest;
  const isCut = start + room < line.length || whole.length > room;
  const text = isCut ? `${whole.slice(0, room - 1)}…` : whole;
  const from = Math.min(before.length, room - 1);
  return { text, from, to: Math.min(Math.max(from + 1, before.length + inside.length), room) };
}
