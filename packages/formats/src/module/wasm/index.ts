export { type WasmVisitor, walkBody } from './code.ts';
export {
  readWasm,
  type WasmBody,
  type WasmExport,
  type WasmImport,
  type WasmModule,
} from './module.ts';
export { reachableFunctions } from './reach.ts';
export { WasmReader } from './reader.ts';
export { referredFunctions } from './references.ts';
export type { WasmType } from './types.ts';
