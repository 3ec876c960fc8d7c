import { type LocatorFault, LocatorRefused } from './refused.ts';

/** Collects what is wrong while parts of one text are read, each part knowing where it starts. */
export class Faults {
  readonly list: LocatorFault[] = [];

  add(fault: LocatorFault): undefined {
    this.list.push(fault);
    return undefined;
  }

  /** Throws what was collected, in order of place. */
  refuse(): never {
    const [first, ...others] = this.list.sort((a, b) => a.at - b.at);
    throw new LocatorRefused([first!, ...others]);
  }
}

/** A piece of the text and where it starts in it. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** The pieces between `separator`s, each knowing its place. */
export function split(piece: Piece, separator: string): Piece[] {
  const pieces: Piece[] = [];
  let at = piece.at;
  for (const text of piece.text.split(separator)) {
    pieces.push({ text, at });
    at += text.length + separator.length;
  }
  return pieces;
}

/** Before and after the first `separator`; after is undefined when there is none. */
export function cut(piece: Piece, separator: string): [Piece, Piece | undefined] {
  const index = piece.text.indexOf(separator);
  if (index === -1) return [piece, undefined];
  return [
    { text: piece.text.slice(0, index), at: piece.at },
    { text: piece.text.slice(index + separator.length), at: piece.at + index + separator.length },
  ];
}
