const ROW_BYTES = 16;

/** Rows of 16 bytes around `[at, at + length)`, each with its offset; those of the place are marked. */
export function bytesView(
  bytes: Uint8Array,
  at: number,
  length: number,
  context: number,
): string[] {
  const firstRow = Math.max(0, Math.floor(at / ROW_BYTES) - context);
  const lastRow =
    Math.floor(Math.min(bytes.length, at + Math.max(1, length)) / ROW_BYTES) + context;
  const rows: string[] = [];
  for (let row = firstRow; row <= lastRow && row * ROW_BYTES < bytes.length; row++) {
    const start = row * ROW_BYTES;
    const piece = bytes.subarray(start, start + ROW_BYTES);
    const isPlace = start < at + Math.max(1, length) && start + ROW_BYTES > at;
    const hex = [...piece].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = [...piece].map(printable).join('');
    rows.push(
      `${isPlace ? '>' : ' '} 0x${start.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`,
    );
  }
  return rows;
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
