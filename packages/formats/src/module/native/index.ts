export {
  type NativeCode,
  type SiteArguments,
  sweepCode,
  visitArguments,
} from './code.ts';
export { type Functions, functionAt, indexAt } from './functions.ts';
export * from './image.ts';
export { type NativeKind, type NativeSlice, nativeKindOf, readNative } from './read.ts';
export { SiteKind } from './sites.ts';
export { sliceAt, textAt } from './strings.ts';
