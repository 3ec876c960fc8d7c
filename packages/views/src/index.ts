/**
 * How a place of a file looks, as data: source, bytes, and (each an entry of
 * its own, for they load readers) machine code, WebAssembly and CIL. Whoever
 * shows it decides how: a terminal, an answer of the API, a page.
 */

export { HEX_ROW, type HexRow, hexAround, hexRows } from './hex.ts';
export { foldedLine, LONG_LINE, type Piece } from './source/fold.ts';
export { linesAround, type MarkedLine, type SourceSpan } from './source/lines.ts';
export { type SourceRow, sourceRows } from './source/rows.ts';
