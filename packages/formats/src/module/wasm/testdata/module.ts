/** A section: its id, its size, its bytes. All sizes in these modules are below 128. */
export function section(id: number, ...bytes: readonly number[]): number[] {
  return [id, bytes.length, ...bytes];
}

export function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

export const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

export interface WasmShape {
  readonly from?: string;
  readonly import?: string;
  readonly text?: string;
  /** The body of the one function, without its locals. */
  readonly body?: readonly number[];
}

/**
 * A module that imports a function of two numbers, holds a text at address 16,
 * and calls the import with the text's address and length.
 */
export function wasmOf(shape: WasmShape = {}): Uint8Array<ArrayBuffer> {
  const { from = 'env', import: imported = 'emscripten_run_script', text = 'alert(1)' } = shape;
  const body = shape.body ?? [0x41, 16, 0x41, text.length, 0x10, 0, 0x0b];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, 2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 0),
    ...section(2, 1, ...name(from), ...name(imported), 0, 0),
    ...section(3, 1, 1),
    ...section(7, 1, ...name('run'), 0, 1),
    ...section(10, 1, body.length + 1, 0, ...body),
    ...section(11, 1, 0, 0x41, 16, 0x0b, text.length + 1, ...Buffer.from(text), 0),
  ]);
}

/**
 * A module whose start calls a function, which calls what its table holds by
 * type: the import of two numbers, or a function of the same type.
 */
export function tableWasmOf(imported = 'emscripten_run_script'): Uint8Array<ArrayBuffer> {
  const byType = [0x41, 0, 0x41, 0, 0x41, 0, 0x11, 0, 0, 0x0b];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, 2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 0),
    ...section(2, 1, ...name('env'), ...name(imported), 0, 0),
    ...section(3, 3, 1, 1, 0),
    ...section(4, 1, 0x70, 0, 2),
    ...section(8, 1),
    ...section(9, 1, 0, 0x41, 0, 0x0b, 2, 0, 3),
    ...section(10, 3, 4, 0, 0x10, 2, 0x0b, byType.length + 1, 0, ...byType, 2, 0, 0x0b),
  ]);
}
