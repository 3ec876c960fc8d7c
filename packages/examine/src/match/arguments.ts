import type { ArgumentPath } from '../rules/rule.ts';

/** What rules ask of a use: told by a script's folding, or by what a link carries. */
export interface ArgumentSource {
  /** The folded text at a path, `…` for what is not known; undefined when nothing is. */
  text(path: ArgumentPath): string | undefined;
  /** The folded texts of a list at a path; undefined when it is no list. */
  texts(path: ArgumentPath): readonly (string | undefined)[] | undefined;
  /** Whether something is there; undefined when it cannot be told. */
  isPresent(path: ArgumentPath): boolean | undefined;
}
