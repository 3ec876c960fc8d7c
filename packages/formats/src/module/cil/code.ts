/**
 * Instructions of CIL (ECMA-335, III), for the few that matter: calls, texts,
 * numbers.
 */
export interface CilVisitor {
  /** `call`, `callvirt`, `newobj`, `ldftn`, `ldvirtftn`, at the offset in the file. */
  call(at: number, token: number): void;
  /** `ldstr`. */
  text(at: number, token: number): void;
  /** `ldc.i4` in all its forms. */
  constant(at: number, value: number): void;
  /** Any other instruction that leaves a value whose text is not known. */
  other(at: number): void;
}

/** Bytes of the operand by opcode of one byte (III.1.7.2 and the table of VI.C.1); the rest have none. */
const OPERANDS = ((): Uint8Array => {
  const table = new Uint8Array(256);
  const rows: readonly [from: number, to: number, size: number][] = [
    [0x0e, 0x13, 1],
    [0x1f, 0x1f, 1],
    [0x20, 0x20, 4],
    [0x21, 0x21, 8],
    [0x22, 0x22, 4],
    [0x23, 0x23, 8],
    [0x27, 0x29, 4],
    [0x2b, 0x37, 1],
    [0x38, 0x44, 4],
    [0x6f, 0x75, 4],
    [0x79, 0x79, 4],
    [0x7b, 0x81, 4],
    [0x8c, 0x8d, 4],
    [0x8f, 0x8f, 4],
    [0xa3, 0xa5, 4],
    [0xc2, 0xc2, 4],
    [0xc6, 0xc6, 4],
    [0xd0, 0xd0, 4],
    [0xdd, 0xdd, 4],
    [0xde, 0xde, 1],
  ];
  for (const [from, to, size] of rows) table.fill(size, from, to + 1);
  return table;
})();

/** The same after FE. */
const OPERANDS_FE: ReadonlyMap<number, number> = new Map([
  [0x06, 4],
  [0x07, 4],
  [0x09, 2],
  [0x0a, 2],
  [0x0b, 2],
  [0x0c, 2],
  [0x0d, 2],
  [0x0e, 2],
  [0x12, 1],
  [0x15, 4],
  [0x16, 4],
  [0x19, 1],
  [0x1c, 4],
]);

const SWITCH = 0x45;

/** Visits the instructions of a body, from `start` to before `end`. What passes the end is not visited. */
export function walkCil(bytes: Uint8Array, start: number, end: number, visit: CilVisitor): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = start; at < end; ) {
    const opcode = bytes[at]!;
    const isWide = opcode === 0xfe;
    const operandAt = at + (isWide ? 2 : 1);
    let size = isWide ? (OPERANDS_FE.get(bytes[at + 1]!) ?? 0) : OPERANDS[opcode]!;
    if (opcode === SWITCH) {
      if (operandAt + 4 > end) return;
      size = 4 + 4 * view.getUint32(operandAt, true);
    }
    if (operandAt + size > end) return;
    if (isWide) {
      const isFunction = bytes[at + 1] === 0x06 || bytes[at + 1] === 0x07;
      if (isFunction) visit.call(at, view.getUint32(operandAt, true));
      else visit.other(at);
    } else if (opcode === 0x28 || opcode === 0x6f || opcode === 0x73) {
      visit.call(at, view.getUint32(operandAt, true));
    } else if (opcode === 0x72) visit.text(at, view.getUint32(operandAt, true));
    else if (opcode === 0x20) visit.constant(at, view.getInt32(operandAt, true));
    else if (opcode === 0x1f) visit.constant(at, view.getInt8(operandAt));
    else if (opcode >= 0x15 && opcode <= 0x1e) visit.constant(at, opcode - 0x16);
    else visit.other(at);
    at = operandAt + size;
  }
}
