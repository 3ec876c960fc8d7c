import type { HexRow } from '@avow/views';

/** Rows of bytes, each with its offset; those of the place are marked. */
export function bytesLines(rows: readonly HexRow[]): string[] {
  return rows.map(
    ({ at, hex, text, isPlace }) =>
      `${isPlace ? '>' : ' '} 0x${at.toString(16).padStart(6, '0')}  ${hex}  ${text}`,
  );
}
