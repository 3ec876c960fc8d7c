import type { WasmModule } from '@avow/formats/wasm';
import type { ArgumentSource } from '../match/arguments.ts';

/** Texts shorter than this are more often numbers that happen to point at data. */
const MIN_TEXT = 2;
const MAX_TEXT = 1024;
const MAX_SHOWN_TEXT = 60;

/**
 * Constants before a call, the last one the last argument: a path with its
 * length, as WASI takes texts, or zero-terminated, as C does.
 */
export class WasmArguments implements ArgumentSource {
  readonly #module: WasmModule;
  /** By position; undefined where it is not a constant. */
  readonly #values: readonly (number | undefined)[];

  /** @param arity How many the function takes: constants that stand before the call are the last ones. */
  constructor(module: WasmModule, operands: readonly number[], arity: number | undefined) {
    this.#module = module;
    const known = arity === undefined ? [] : operands.slice(-arity);
    const unknown = new Array<undefined>((arity ?? 0) - (arity === 0 ? 0 : known.length));
    this.#values = arity === 0 ? [] : [...unknown, ...known];
  }

  text(path: string): string | undefined {
    const at = Number(path);
    const value = this.#values[at];
    if (value === undefined) return undefined;
    return textIn(this.#module, value, this.#values[at + 1]) ?? `${value}`;
  }

  texts(path: string): readonly (string | undefined)[] | undefined {
    const text = this.text(path);
    return text === undefined ? undefined : [text];
  }

  isPresent(path: string): boolean | undefined {
    const value = this.#values[Number(path)];
    return value === undefined ? undefined : value !== 0;
  }

  shown(): string {
    if (this.#values.every((value) => value === undefined)) return '';
    const shown = this.#values.map((value, at) => {
      if (value === undefined) return '…';
      const text = textIn(this.#module, value, this.#values[at + 1]);
      return text === undefined ? `${value}` : JSON.stringify(text.slice(0, MAX_SHOWN_TEXT));
    });
    return `(${shown.join(', ')})`;
  }
}

/** The text at an address of the module's memory as it is at the start. */
export function textIn(
  module: WasmModule,
  address: number,
  length: number | undefined,
): string | undefined {
  for (const segment of module.data) {
    if (segment.address === undefined) continue;
    const within = address - segment.address;
    if (within < 0 || within >= segment.size) continue;
    const start = segment.offset + within;
    const end = segment.offset + segment.size;
    const isSlice = length !== undefined && length >= MIN_TEXT && length <= MAX_TEXT;
    return isSlice
      ? (printable(module.bytes, start, Math.min(end, start + length)) ??
          terminated(module.bytes, start, end))
      : terminated(module.bytes, start, end);
  }
  return undefined;
}

function terminated(bytes: Uint8Array, start: number, end: number): string | undefined {
  const limit = Math.min(end, start + MAX_TEXT);
  const zero = bytes.subarray(start, limit).indexOf(0);
  return zero < 0 ? undefined : printable(bytes, start, start + zero);
}

function printable(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start < MIN_TEXT) return undefined;
  let text = '';
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    const isShown = (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a;
    if (!isShown) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
