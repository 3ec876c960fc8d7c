export {
  type ArgumentValue,
  type NativeCode,
  type SiteArguments,
  sweepCode,
  visitArguments,
} from './code.ts';
export { elfSystemOf } from './elf/system.ts';
export { fingerprintOf } from './fingerprint.ts';
export { type Functions, functionAt, indexAt } from './functions.ts';
export * from './image.ts';
export { type NativeKind, type NativeSlice, nativeKindOf, readNative } from './read.ts';
export { ReferenceKind, type VisitReference, visitReferences } from './references.ts';
export { type Calls, type NamedTarget, SiteKind, type Sites } from './sites.ts';
export { sliceAt, textAt } from './strings.ts';
export { type FunctionRanges, type NativeSymbols, SymbolFlag } from './symbols.ts';
