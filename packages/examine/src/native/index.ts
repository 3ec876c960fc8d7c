/** Observing machine code and WebAssembly; an entry of its own, loaded when there is some. */
export { NOTHING_NATIVE, type ObservedNative, observeNative } from './observe.ts';
export { matchUse, type NativeUse, symbolsOfUse } from './use.ts';
