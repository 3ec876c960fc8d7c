/** Bytes of a row. */
export const HEX_ROW = 16;

/** A row of bytes. */
export interface HexRow {
  /** Offset of its first byte in the file. */
  readonly at: number;
  /** Pairs of digits, padded to the width of a whole row. */
  readonly hex: string;
  /** ASCII; a dot for what does not print. */
  readonly text: string;
  readonly isPlace: boolean;
}

/** Rows of the `bytes` that begin at offset `base`, those of `[start, end)` marked. */
export function hexRows(bytes: Uint8Array, base: number, start: number, end: number): HexRow[] {
  const rows: HexRow[] = [];
  for (let within = 0; within < bytes.length; within += HEX_ROW) {
    const piece = bytes.subarray(within, within + HEX_ROW);
    const at = base + within;
    const hex = [...piece].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = [...piece].map(printable).join('');
    const isPlace = at < end && at + HEX_ROW > start;
    rows.push({ at, hex: hex.padEnd(HEX_ROW * 3 - 1), text, isPlace });
  }
  return rows;
}

/** Rows around `[at, at + length)` of a whole file, with `context` rows on each side. */
export function hexAround(
  bytes: Uint8Array,
  at: number,
  length: number,
  context: number,
): HexRow[] {
  const size = Math.max(1, length);
  const first = Math.max(0, Math.floor(at / HEX_ROW) - context) * HEX_ROW;
  const last = Math.floor(Math.min(bytes.length, at + size) / HEX_ROW) + context;
  return hexRows(bytes.subarray(first, (last + 1) * HEX_ROW), first, at, at + size);
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
