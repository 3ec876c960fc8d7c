import { type Place, printPlace } from '@avow/locator';
import { hexAround } from '@avow/views';
import { cilView } from '@avow/views/cil';
import { shown } from '../shown.ts';
import { bytesLines } from './bytes.ts';

/** A method of a .NET assembly, or an instruction in it. Refuses as `cilView`. */
export function cilLines(
  place: Extract<Place, { kind: 'il' }>,
  bytes: Uint8Array,
  context: number,
): string[] {
  const { name, codeAt, codeSize, at, lines } = cilView(place, bytes, context);
  return [
    shown(`CIL, ${name}, ${codeSize} bytes from 0x${codeAt.toString(16)}`),
    `${printPlace(place)}  @off:0x${at.toString(16)}`,
    '',
    ...lines.map(({ isPlace, within, text }) =>
      shown(`${isPlace ? '>' : ' '} +0x${within.toString(16)}  ${text}`),
    ),
    '',
    ...bytesLines(hexAround(bytes, at, 1, 1)),
  ];
}
