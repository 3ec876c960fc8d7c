export {
  instructionsOf,
  MAX_CODE_BYTES,
  type Machine,
  type ShownInstruction,
} from './instructions.ts';
export { type CodeLine, type CodeNote, type Names, notedLines } from './lines.ts';
export { bytesAround, codeAround, type NativePlace, nativePlace, rangeOf } from './view.ts';
