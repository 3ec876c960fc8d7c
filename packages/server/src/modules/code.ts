import { Refused } from '@avow/bytes';
import { parseLocator, printPlace } from '@avow/locator';
import type { ModuleContents } from '@avow/views/contents';
import type { CodeAnswer } from './code-line.ts';
import { nativeCode } from './native-code.ts';
import { codePlace, shownFunction } from './places.ts';
import { LINE_BYTES, MAX_WINDOW, type Shown } from './shown.ts';
import type { ReadTask, Span } from './task.ts';
import { wasmCode } from './wasm-code.ts';

/** Callers of a function that are shown: of more, the first. */
const CALLERS = 20;

/**
 * Which bytes show the code at a place of a locator. Refuses `locate.outside`
 * for a place that the module does not have.
 */
export function spanOf(contents: ModuleContents, locator: string, from?: string): Span {
  const { place } = parseLocator(locator);
  const rva = contents.rvaOf(place);
  const at = rva === undefined ? undefined : contents.offsetOf(rva);
  if (rva === undefined || at === undefined) {
    throw new Refused(
      'locate.outside',
      undefined,
      `the module has no bytes at ${printPlace(place)}`,
    );
  }
  const length = 'length' in place ? (place.length ?? 1) : 1;
  const span = { at, length, forms: contents.forms(rva) };
  if (!contents.isCode(rva) && contents.functionAt(rva) === undefined) return span;
  const shown = shownAt(contents, rva, from);
  const begin = contents.offsetOf(shown.from);
  if (begin === undefined || shown.end <= shown.from) return span;
  const size = Math.min(MAX_WINDOW, shown.end - shown.from);
  return { ...span, code: { from: begin, to: begin + size } };
}

/** Refuses `locate.outside` for a `from` beyond the function. */
function shownAt(contents: ModuleContents, rva: number, from?: string): Shown {
  const within = contents.functionAt(rva);
  const codeAt =
    within && contents.about.kind === 'wasm'
      ? contents.body(contents.about.importedFunctions + within.index)?.codeAt
      : within?.start;
  const start = codeAt ?? rva;
  const range = contents.rangeAt(rva);
  const end =
    within?.end ?? Math.min(rva + MAX_WINDOW, range === undefined ? rva : range.rva + range.size);
  if (from === undefined) {
    // In a function that is longer than anybody reads, nothing before the place can be told apart.
    const isFar = rva - start > MAX_WINDOW - LINE_BYTES;
    return { rva, within, from: isFar ? rva : start, depth: 0, end };
  }
  const [address = '', depth = '0'] = from.split(':');
  const at = Number(BigInt(address) - BigInt(`0x${contents.about.base}`));
  if (at < start || at >= end) {
    throw new Refused('locate.outside', undefined, `the function has no code at ${address}`);
  }
  return { rva, within, from: at, depth: Number(depth), end };
}

/** Lines of code: of a function from its beginning or from where the page before ended, or around a place. */
export async function codeOf(
  contents: ModuleContents,
  task: Extract<ReadTask, { readonly what: 'code' }>,
): Promise<CodeAnswer> {
  const rva = contents.rvaOf(parseLocator(task.place).place)!;
  const shown = shownAt(contents, rva, task.from);
  const bytes = new Uint8Array(Buffer.from(task.bytes, 'base64'));
  const code =
    contents.about.kind === 'wasm'
      ? wasmCode(contents, shown, bytes, task)
      : await nativeCode(contents, shown, bytes, task);
  const { within } = shown;
  const callers =
    within === undefined
      ? { rows: [], count: 0 }
      : contents.referrers(within.start, within.start + 1, CALLERS);
  return {
    ...code,
    ...(within === undefined ? {} : { function: shownFunction(contents, within) }),
    callers: callers.rows.map((one) => codePlace(contents, one)),
    callersInAll: callers.count,
  };
}
