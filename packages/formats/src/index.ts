export type * from './container/member.ts';
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
export * from './module/script/tree.ts';
