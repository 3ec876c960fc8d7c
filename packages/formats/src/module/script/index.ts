/** Scripts alone: what a process that reads modules loads. */
export { type Difference, firstDifference, nodeText } from './difference.ts';
export type { ScriptDialect, ScriptKind } from './goals.ts';
export {
  type Page,
  type PageDialect,
  type PageReference,
  type PageScript,
  type Piece,
  pageOffset,
  scriptsOfPage,
} from './html.ts';
export {
  Flag,
  KIND_NAMES,
  Kind,
  ROLE_NAMES,
  Role,
  WORDS,
  type Word,
  wordId,
} from './kinds.ts';
export { readWithMeriyah } from './meriyah.ts';
export {
  type FastParser,
  readScript,
  type ScriptText,
  scriptText,
} from './read.ts';
export {
  BindingKind,
  declarationsOf,
  isDynamic,
  referencesOf,
  ScopeKind,
  type Scopes,
  scopeAt,
  scopesOf,
} from './scopes.ts';
export * from './tree.ts';
