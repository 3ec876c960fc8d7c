export * from './container/index.ts';
export { type Difference, firstDifference, nodeText } from './module/script/difference.ts';
export type { ScriptDialect, ScriptKind } from './module/script/goals.ts';
export {
  type Page,
  type PageDialect,
  type PageReference,
  type PageScript,
  type Piece,
  pageOffset,
  scriptsOfPage,
} from './module/script/html.ts';
export {
  Flag,
  KIND_NAMES,
  Kind,
  ROLE_NAMES,
  Role,
  WORDS,
  type Word,
  wordId,
} from './module/script/kinds.ts';
export { readWithMeriyah } from './module/script/meriyah.ts';
export {
  type FastParser,
  readScript,
  type ScriptText,
  scriptText,
} from './module/script/read.ts';
export {
  BindingKind,
  declarationsOf,
  isDynamic,
  referencesOf,
  ScopeKind,
  type Scopes,
  scopeAt,
  scopesOf,
} from './module/script/scopes.ts';
export * from './module/script/tree.ts';
/** Values are behind `@avow/formats/record`: their parsers take longer to load than a small product to read. */
export type * from './record/index.ts';
