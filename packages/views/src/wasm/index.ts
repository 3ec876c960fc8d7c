export { type TextAt, type WasmCode, type WasmLine, type WasmText, wasmText } from './text.ts';
export { readLocals, readSignatures } from './types.ts';
export { namesOf, type WasmView, wasmView } from './view.ts';
