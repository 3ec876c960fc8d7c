import type { SymbolNode } from '../../rules/symbol.ts';

/**
 * A symbol on its way through the script. At a node, it says: what this
 * expression gives is `symbol`, once the keys of `path` are taken of it
 * (`()`: once it is called).
 */
export interface Held {
  readonly symbol: SymbolNode;
  readonly path: readonly string[];
  /** The call or construction that made the receiver; -1 when none did. */
  readonly made: number;
  /** The call by which it came in as an argument of a function; -1 outside. */
  readonly context: number;
  /** The member access that gave the symbol, where a value is read from; -1 at a name. */
  readonly origin: number;
  /** The member that a rule's `.*` stood for. */
  readonly name: string | undefined;
}

/** Keys on a path: `exports.a.b.c = fs` is followed, deeper is a data structure. */
export const MAX_PATH = 4;

/** A symbol that has just come in. */
export function entering(symbol: SymbolNode): Held {
  return { symbol, path: [], made: -1, context: -1, origin: -1, name: undefined };
}

export type Use = 'call' | 'read' | 'write' | 'import';

/** A use of a symbol: what rules are matched against. */
export interface Observation {
  readonly use: Use;
  readonly node: number;
  readonly held: Held;
  /** Argument nodes of a call; undefined where they are not written at the call. */
  readonly args: readonly number[] | undefined;
  /** What is written; -1 when nothing is. */
  readonly value: number;
}
