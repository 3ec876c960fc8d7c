export type * from './container/member.ts';
export type * from './module/script/tree.ts';
