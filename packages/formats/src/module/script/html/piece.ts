/** From `at` in the script on, the text stands from `from` in the page on. */
export interface Piece {
  readonly at: number;
  readonly from: number;
}

/** Offset in the page of an offset in one of its scripts. */
export function pageOffset(script: { readonly pieces: readonly Piece[] }, offset: number): number {
  let piece = script.pieces[0]!;
  for (const each of script.pieces) if (each.at <= offset) piece = each;
  return piece.from + offset - piece.at;
}
