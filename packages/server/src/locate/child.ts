/** Shows a place of CIL, in a process that may die of its file. */
import { Refused } from '@avow/bytes';
import { parseLocator, printPlace } from '@avow/locator';
import { cilView } from '@avow/views/cil';
import { childProgram } from '../children/program.ts';

export interface CilTask {
  /** Base64. */
  readonly bytes: string;
  readonly locator: string;
  /** Steps on each side. */
  readonly context: number;
}

/** A method's steps around a place; offsets are bytes of the file. */
export interface CilShown {
  readonly at: number;
  readonly name: string;
  readonly lines: readonly {
    readonly at: string;
    readonly text: string;
    readonly isPlace: boolean;
  }[];
}

childProgram<CilTask>(async ({ bytes, locator, context }): Promise<CilShown> => {
  const { place } = parseLocator(locator);
  if (place.kind !== 'il') throw new Refused('locate.outside', undefined, printPlace(place));
  const file = new Uint8Array(Buffer.from(bytes, 'base64'));
  const { at, name, lines } = cilView(place, file, context);
  return {
    at,
    name,
    lines: lines.map(({ within, text, isPlace }) => ({
      at: `+0x${within.toString(16)}`,
      text,
      isPlace,
    })),
  };
});
