import type { Locator } from '@avow/locator';
import {
  bytesAround,
  type CodeNote,
  codeAround,
  type NativePlace,
  nativePlace,
  rangeOf,
} from '@avow/views/native';
import { memberPathOf } from '../place.ts';
import { shown } from '../shown.ts';
import { styled, type Terminal } from '../terminal.ts';
import { bytesLines } from './bytes.ts';

/** What else is known of the function at virtual addresses from the first to before the second. */
export type TellFunction = (range: readonly [bigint, bigint]) => Promise<readonly string[]>;

/** Characters of a text beside an instruction. */
const MAX_TEXT = 60;

/**
 * A place of machine code: disassembly with symbols and texts, the function,
 * the bytes, and the same place in every form. Refuses as `nativePlace`.
 */
export async function nativeLines(
  locator: Locator,
  bytes: Uint8Array,
  context: number,
  terminal: Terminal,
  tellFunction: TellFunction = () => Promise.resolve([]),
): Promise<string[]> {
  const slice = memberPathOf(locator)?.split('!/').at(-1);
  const place = nativePlace(locator.place, bytes, slice);
  const lines = [...headOf(place), ''];
  const told = await tellFunction(rangeOf(place));
  if (told.length > 0) lines.push(...told, '');
  const code = await codeLines(place, context, terminal);
  if (code !== undefined) lines.push(...code, '');
  lines.push(...bytesLines(bytesAround(place, bytes, 1)));
  return lines;
}

function headOf({ slice: { image }, within, forms }: NativePlace): string[] {
  const range =
    within === undefined
      ? 'between functions'
      : `${within.end - within.start} bytes from RVA 0x${within.start.toString(16)}`;
  const print = within?.print && `code:${within.print}`;
  const lines = [
    `${image.format} for ${image.machine}, ${image.bits} bits${image.buildId === undefined ? '' : `, build id ${image.buildId}`}`,
    `function ${[within?.name, print, range].filter(Boolean).join(', ')}`,
    forms.join('  '),
  ];
  return lines.map(shown);
}

async function codeLines(
  place: NativePlace,
  context: number,
  terminal: Terminal,
): Promise<string[] | undefined> {
  const { slice, rva, length } = place;
  const lines = await codeAround(place, context);
  return lines?.map((one) => {
    const isPlace = one.rva < rva + length && one.rva + one.length > rva;
    const address = `0x${(slice.image.base + BigInt(one.rva)).toString(16)}`;
    const note = one.note === undefined ? '' : `; ${noteText(one.note)}`;
    const text = `${isPlace ? '>' : ' '} ${address}  ${one.text.padEnd(40)}${note}`.trimEnd();
    return isPlace ? styled(terminal, 'yellow', shown(text)) : shown(text);
  });
}

function noteText(note: CodeNote): string {
  switch (note.kind) {
    case 'import':
      return note.name ?? 'the system';
    case 'symbol':
      return note.name;
    case 'text':
      return JSON.stringify(note.text.slice(0, MAX_TEXT));
    default:
      return note satisfies never;
  }
}
