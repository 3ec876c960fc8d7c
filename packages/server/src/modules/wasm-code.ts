import type { ModuleContents } from '@avow/views/contents';
import { type WasmLine, wasmText } from '@avow/views/wasm';

import { type CodeLine, type CodeLines, type Wanted, wantedOf } from './code-line.ts';
import { hexOf, placeOf } from './places.ts';
import type { Shown } from './shown.ts';

const MAX_NAME = 300;
const MAX_TEXT = 120;

/** The text form of a function of WebAssembly. */
export function wasmCode(
  contents: ModuleContents,
  { rva, within, from, depth, end }: Shown,
  bytes: Uint8Array,
  wanted: Wanted,
): CodeLines {
  const most = wanted.around === undefined ? wanted.limit : Number.POSITIVE_INFINITY;
  const text = wasmText({ bytes, base: from, end }, { at: from, depth }, most);
  const index = text.lines.findLastIndex((line) => line.at <= rva);
  const lines = wantedOf(text.lines, Math.max(0, index), wanted).map((line): CodeLine => {
    const called = line.func === undefined ? {} : calledBy(contents, line.func, line.at);
    const data = line.constant === undefined ? undefined : dataText(contents, line.constant);
    return {
      at: hexOf(line.at),
      place: placeOf(contents, line.at),
      offset: line.at,
      bytes: Buffer.from(bytes.subarray(line.at - from, line.at - from + line.length)).toString(
        'hex',
      ),
      text: line.text,
      depth: line.depth,
      isPlace: isHere(line, rva),
      ...(data === undefined ? {} : { note: { kind: 'text', text: data.slice(0, MAX_TEXT) } }),
      ...called,
    };
  });
  const body = within && contents.body(contents.about.importedFunctions + within.index);
  const { next, unread } = text;
  return {
    lines,
    ...(body === undefined || body.type === '' ? {} : { type: body.type }),
    ...(next === undefined || wanted.around !== undefined
      ? {}
      : { next: `${hexOf(next.at)}:${Math.min(next.depth, 999_999)}` }),
    ...(unread === undefined
      ? {}
      : { unread: `${unread.code} at ${hexOf(unread.at)}: ${unread.message}` }),
  };
}

function isHere({ at, length }: WasmLine, rva: number): boolean {
  return rva >= at && rva < at + length;
}

function calledBy(
  contents: ModuleContents,
  func: number,
  at: number,
): Pick<CodeLine, 'note' | 'import' | 'to'> {
  if (func < contents.about.importedFunctions) {
    const row = contents.importIndexAt(at) ?? contents.importOfFunction(func);
    const found = row === undefined ? undefined : contents.import(row);
    if (row === undefined || found === undefined) return {};
    const text = `${found.library}.${found.name}`.slice(0, MAX_NAME);
    return { note: { kind: 'import', text }, import: row };
  }
  const body = contents.body(func);
  if (body === undefined) return {};
  const name = body.name.slice(0, MAX_NAME);
  return {
    ...(name === '' ? {} : { note: { kind: 'symbol', text: name } }),
    to: { place: `@wasm:${func}`, ...(name === '' ? {} : { name }) },
  };
}

/** A text that begins at an address of the module's memory: any other number is a number. */
function dataText(contents: ModuleContents, address: number): string | undefined {
  const segment = contents.about.data.find(
    (one) => one.address !== null && address >= one.address && address < one.address + one.size,
  );
  return segment && contents.textFrom(segment.offset + address - segment.address!);
}
