import type { Place } from '@avow/locator';
import { hexAround } from '@avow/views';
import { wasmView } from '@avow/views/wasm';
import { shown } from '../shown.ts';
import { bytesLines } from './bytes.ts';

/** A function of WebAssembly, or an instruction in it, in its text form. Refuses as `wasmView`. */
export function wasmLines(
  place: Extract<Place, { kind: 'wasm' }>,
  bytes: Uint8Array,
  context: number,
): string[] {
  const { name, body, at, lines } = wasmView(place, bytes, context);
  return [
    shown(
      `WebAssembly, ${name}, ${body.end - body.offset} bytes from 0x${body.offset.toString(16)}`,
    ),
    `@wasm:${place.func}:0x${at.toString(16)}  @off:0x${at.toString(16)}`,
    '',
    ...lines.map(({ isPlace, at: here, text, func, calls }) => {
      // A called function is said by its name, which tells more than its number.
      const said = calls === undefined ? text : text.replace(` ${func}`, () => ` ${calls}`);
      return shown(`${isPlace ? '>' : ' '} 0x${here.toString(16)}  ${said}`);
    }),
    '',
    ...bytesLines(hexAround(bytes, at, 1, 1)),
  ];
}
