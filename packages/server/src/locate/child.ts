/** Finds where a place of machine code is in its file, in a process that may die of the file. */
import { Refused } from '@avow/bytes';
import { placesIn } from '@avow/examine/places';
import { parseLocator, printPlace } from '@avow/locator';
import { childProgram } from '../children/program.ts';

export interface PlaceTask {
  readonly path: string;
  /** Base64. */
  readonly bytes: string;
  readonly locator: string;
}

/** In bytes of the file. */
export interface SpanFound {
  readonly offset: number;
  readonly length: number;
}

childProgram<PlaceTask>(async ({ path, bytes, locator }): Promise<SpanFound> => {
  const { place } = parseLocator(locator);
  const files = new Map([[path, new Uint8Array(Buffer.from(bytes, 'base64'))]]);
  const found = placesIn(files).find(path, place);
  if (found?.state === 'here' && found.span.offset !== undefined) {
    const { offset, start, end } = found.span;
    return { offset, length: Math.max(1, end - start) };
  }
  const near = found?.state === 'outside' ? `; near it: ${found.near.join(', ')}` : '';
  const says = found === undefined || found.state === 'here' ? 'it has no such place' : found.says;
  throw new Refused('locate.outside', undefined, `${printPlace(place)}: ${says}${near}`);
});
