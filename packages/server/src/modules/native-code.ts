import type { NativeImage } from '@avow/formats/native';
import type { ModuleContents } from '@avow/views/contents';
import { instructionsOf, notedLines, type CodeLine as ViewedLine } from '@avow/views/native';

import { type CodeLine, type CodeLines, type Wanted, wantedOf } from './code-line.ts';
import { addressOf, placeOf } from './places.ts';
import { LINE_BYTES, type Shown } from './shown.ts';

/** Characters of a text beside an instruction. */
const MAX_TEXT = 120;
/** A name that is longer is cut: C++ writes some of thousands. */
const MAX_NAME = 300;

/** Disassembly; no lines for machines that are not disassembled. */
export async function nativeCode(
  contents: ModuleContents,
  { rva, from, end }: Shown,
  bytes: Uint8Array,
  wanted: Wanted,
): Promise<CodeLines> {
  const { about } = contents;
  const machine = {
    architecture: about.architecture as NativeImage['architecture'],
    bits: about.bits,
    base: BigInt(`0x${about.base}`),
  };
  const last =
    wanted.around === undefined
      ? from + (wanted.limit + 1) * LINE_BYTES
      : rva + (wanted.around + 2) * LINE_BYTES;
  const code = bytes.subarray(0, Math.min(last, end) - from);
  const instructions = (await instructionsOf(machine, from, code)) ?? [];
  const index = instructions.findIndex((one) => rva < one.rva + one.length);
  const chosen = wantedOf(instructions, index, wanted);
  const names = contents.names();
  const lines = notedLines(chosen, names).map((one): CodeLine => {
    const offset = contents.offsetOf(one.rva);
    const own = code.subarray(one.rva - from, one.rva - from + one.length);
    const target = one.refersTo;
    const isCode = target !== undefined && contents.isCode(target);
    const row = contents.importIndexAt(one.rva);
    const name = isCode ? contents.nameAt(target) : undefined;
    return {
      at: addressOf(contents, one.rva),
      place: placeOf(contents, one.rva),
      ...(offset === undefined ? {} : { offset }),
      bytes: Buffer.from(own).toString('hex'),
      text: one.text,
      isPlace: rva >= one.rva && rva < one.rva + one.length,
      ...noteOf(one),
      ...(row === undefined ? {} : { import: row }),
      ...(isCode
        ? {
            to: {
              place: placeOf(contents, target),
              ...(name === undefined ? {} : { name: name.slice(0, MAX_NAME) }),
            },
          }
        : {}),
    };
  });
  const behind = chosen.at(-1);
  const next = behind === undefined ? end : behind.rva + behind.length;
  const isMore = wanted.around === undefined && next < end && chosen.length > 0;
  return { lines, ...(isMore ? { next: addressOf(contents, next) } : {}) };
}

function noteOf({ note }: ViewedLine): Pick<CodeLine, 'note'> {
  switch (note?.kind) {
    case undefined:
      return {};
    case 'import':
      return {
        note:
          note.name === undefined
            ? { kind: 'system', text: '' }
            : { kind: 'import', text: note.name.slice(0, MAX_NAME) },
      };
    case 'symbol':
      return { note: { kind: 'symbol', text: note.name.slice(0, MAX_NAME) } };
    case 'text':
      return { note: { kind: 'text', text: note.text.slice(0, MAX_TEXT) } };
    default:
      return note satisfies never;
  }
}
