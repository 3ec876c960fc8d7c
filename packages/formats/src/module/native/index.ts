export {
  type ArgumentValue,
  type NativeCode,
  type SiteArguments,
  sweepCode,
  visitArguments,
} from './code.ts';
export { type Functions, functionAt, indexAt } from './functions.ts';
export * from './image.ts';
export { type NativeKind, type NativeSlice, nativeKindOf, readNative } from './read.ts';
export { type NamedTarget, SiteKind } from './sites.ts';
export { sliceAt, textAt } from './strings.ts';
export { type FunctionRanges, type NativeSymbols, SymbolFlag } from './symbols.ts';
