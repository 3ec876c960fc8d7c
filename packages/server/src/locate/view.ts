import { decodeText } from '@avow/bytes';

export interface Line {
  readonly at: string;
  readonly text: string;
  readonly isPlace: boolean;
}

/** Lines as our results and editors count them: U+2028 and U+2029 end none. */
const LINE_END = /\r\n|[\n\r]/;
/** Of one line; bundles have lines of megabytes. */
const MAX_LINE = 2_000;
/** Lines of one place. */
const MAX_LINES = 400;
const ROW = 16;

/** Lines around a place; undefined when the text has no such line. */
export function sourceView(
  bytes: Uint8Array,
  from: number,
  to: number,
  context: number,
): { start: number; end: number; lines: Line[] } | undefined {
  const all = decodeText(bytes).text.split(LINE_END);
  if (from > all.length) return undefined;
  const first = Math.max(1, from - context);
  const last = Math.min(all.length, to + context, first + MAX_LINES);
  const lines = all.slice(first - 1, last).map((text, index) => ({
    at: String(first + index),
    text: text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text,
    isPlace: first + index >= from && first + index <= to,
  }));
  const start = Buffer.byteLength(all.slice(0, from - 1).join('\n')) + (from > 1 ? 1 : 0);
  const end = start + Buffer.byteLength(all.slice(from - 1, to).join('\n'));
  return { start, end, lines };
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
