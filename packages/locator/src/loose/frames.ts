import type { Place } from '../locator.ts';
import { type Found, question } from './reading.ts';

/**
 * Frames of source code, as run-times and tools print them. Only V8's columns
 * are known to be what ours are (from 1, UTF-16 units); others are asked for.
 */
interface FrameForm {
  readonly form: string;
  readonly pattern: RegExp;
  /** Groups: file, line, column. */
  readonly columns: 'utf-16 from 1' | 'asked' | 'none';
}

const FORMS: readonly FrameForm[] = [
  {
    form: 'python-frame',
    pattern: /^File "([^"]+)", line (\d{1,15})(?:, in .*)?$/,
    columns: 'none',
  },
  {
    form: 'dotnet-frame',
    pattern: /^at [^()]+\([^()]*\) in ([^"<>|]+):line (\d{1,15})$/,
    columns: 'none',
  },
  {
    form: 'java-frame',
    pattern: /^at [\w.$/<>@-]+\(([\w$-]+\.(?:java|kt|scala|groovy|clj)):(\d{1,15})\)$/,
    columns: 'none',
  },
  {
    form: 'rust-frame',
    pattern: /^(?:at |-->\s?)([^\s:()]+\.rs):(\d{1,15})(?::(\d{1,15}))?$/,
    columns: 'asked',
  },
  {
    form: 'v8-frame',
    pattern: /^at (?:[^()]* \()?(?:async )?([^\s()]+):(\d{1,15}):(\d{1,15})\)?$/,
    columns: 'utf-16 from 1',
  },
  { form: 'go-frame', pattern: /^([^\s:]+\.go):(\d{1,15})(?: \+0x[0-9a-f]+)?$/, columns: 'none' },
  { form: 'php-frame', pattern: /^#\d+ ([^\s()]+)\((\d{1,15})\)(?:: .*)?$/, columns: 'none' },
  { form: 'ruby-frame', pattern: /^(?:from )?([^\s:]+\.rb):(\d{1,15}):in .*$/, columns: 'none' },
  {
    form: 'gecko-frame',
    pattern: /^[^\s@]*@((?:[a-z-]+:\/\/|\/)\S+):(\d{1,15}):(\d{1,15})$/,
    columns: 'asked',
  },
  { form: 'msvc-place', pattern: /^([^\s()]+)\((\d{1,15}),(\d{1,15})\)/, columns: 'asked' },
  {
    form: 'file-line-column',
    pattern: /^([^\s:]*[^\s:\d][^\s:]*|[A-Za-z]:[^\s:]+):(\d{1,15}):(\d{1,15})(?:[:\s].*)?$/,
    columns: 'asked',
  },
  {
    form: 'file-line',
    pattern: /^([^\s:]*\.[A-Za-z][^\s:]*|[A-Za-z]:[^\s:]+):(\d{1,15})(?::?\s.*)?$/,
    columns: 'none',
  },
];

const LINE_LINK = /^(\S*?)#L(\d{1,15})(?:C\d+)?(?:-L?(\d{1,15})(?:C\d+)?)?$/;
const WASM = /^(?:at )?(?:[^()]* \()?(\S*?):wasm-function\[(\d{1,10})\]:(0x[0-9a-f]{1,16})\)?$/i;

export function readFrame(line: string): Found[] | undefined {
  return readWasm(line) ?? readLineLink(line) ?? readForms(line);
}

function readForms(line: string): Found[] | undefined {
  for (const { form, pattern, columns } of FORMS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const place = placeOf(match[2]!, columns === 'none' ? undefined : match[3]);
    if (place === undefined) return undefined;
    const isAsked = columns === 'asked' && match[3] !== undefined;
    const units = ['UTF-16 units from 1', 'UTF-16 units from 0', 'code points', 'bytes'];
    return [
      {
        form,
        module: match[1]!,
        place,
        ...(isAsked ? { questions: [question('column-unit', units)] } : {}),
      },
    ];
  }
  return undefined;
}

/** `url:wasm-function[37]:0x1a2b`, as the WebAssembly web API prints places. */
function readWasm(line: string): Found[] | undefined {
  const match = WASM.exec(line);
  if (match === null) return undefined;
  const place: Place = { kind: 'wasm', func: Number(match[2]), offset: BigInt(match[3]!) };
  return [{ form: 'wasm-frame', ...(match[1] === '' ? {} : { module: match[1]! }), place }];
}

/** `…/index.js#L12-L18`, as code hosts link to lines. */
function readLineLink(line: string): Found[] | undefined {
  const match = LINE_LINK.exec(line);
  if (match === null) return undefined;
  const start = placeOf(match[2]!, undefined);
  if (start?.kind !== 'line') return undefined;
  const last = Number(match[3] ?? match[2]);
  const place: Place = last > start.start.line ? { ...start, end: { line: last } } : start;
  return [{ form: 'line-link', module: match[1]!, place }];
}

/** A column of 0 shows that it was counted from 0; the question stays, the place is its UTF-16 reading. */
function placeOf(line: string, column: string | undefined): Place | undefined {
  const numbers = [Number(line), column === undefined ? 1 : Number(column)];
  if (!numbers.every(Number.isSafeInteger) || numbers[0]! < 1) return undefined;
  if (column === undefined) return { kind: 'line', start: { line: numbers[0]! } };
  return { kind: 'line', start: { line: numbers[0]!, column: Math.max(1, numbers[1]!) } };
}
