import { linesAround, type SourceSpan } from '@avow/views';
import { shown } from '../shown.ts';
import { styled, type Terminal } from '../terminal.ts';

/** Lines of `bytes` with their numbers, the place marked beneath its columns; undefined where the text has no such line. */
export function sourceLines(
  bytes: Uint8Array,
  span: SourceSpan,
  terminal: Terminal,
): string[] | undefined {
  const lines = linesAround(bytes, span);
  if (lines === undefined) return undefined;
  const digits = String(lines.at(-1)!.number).length;
  const room = terminal.columns - digits - 5;
  const shownLines: string[] = [];
  for (const { number, text: line, marked } of lines) {
    const { text, from, to } = windowed(line, marked, room);
    const label = String(number).padStart(digits);
    const gutter =
      marked === undefined
        ? styled(terminal, 'dim', `  ${label}`)
        : styled(terminal, 'yellow', `> ${label}`);
    shownLines.push(`${gutter} | ${text}`.trimEnd());
    if (marked !== undefined && span.start.column !== undefined) {
      const marks = `${' '.repeat(from)}${'^'.repeat(Math.max(1, to - from))}`;
      shownLines.push(`${' '.repeat(digits + 2)} | ${styled(terminal, 'yellow', marks)}`);
    }
  }
  return shownLines;
}

/** Text before the place that is kept, so that a reader sees what leads to it. */
const LEAD_SHARE = 0.3;

/** Code indented with tabs is still read as code; nothing else of a line is as it stands. */
function shownCode(text: string): string {
  return shown(text.replaceAll('\t', TAB));
}

const TAB = '  ';

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
  const before = (start > 0 ? '…' : '') + shownCode(line.slice(start, at));
  const inside = shownCode(line.slice(at, Math.min(marked?.to ?? at, start + room)));
  const rest = shownCode(
    line.slice(Math.max(at, Math.min(marked?.to ?? at, start + room)), start + room),
  );
  const whole = before + inside + rest;
  const isCut = start + room < line.length || whole.length > room;
  const text = isCut ? `${whole.slice(0, room - 1)}…` : whole;
  const from = Math.min(before.length, room - 1);
  return { text, from, to: Math.min(Math.max(from + 1, before.length + inside.length), room) };
}
