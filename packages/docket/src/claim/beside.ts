import type { Place } from '@avow/locator';
import { atLine, fileOf, isBinary } from './file-line.ts';
import type { Named } from './intake.ts';
import { COLUMN, LINE, LINE_TOLD, lineTold, ORDINAL_LINE, ORDINAL_TOLD } from './line-words.ts';

const AFTER = new RegExp(`^[^\\d\\n]{0,40}?${LINE_TOLD}`, 'iu');
const BEFORE = new RegExp(`(?:${LINE} ?|(?<![\\p{L}])L)(\\d{1,9}) (?:of|in) ["'\`]?$`, 'iu');
const ORDINAL_AFTER = new RegExp(`^[^\\d\\n]{0,40}?${ORDINAL_TOLD}`, 'iu');
const ORDINAL_BEFORE = new RegExp(`${ORDINAL_LINE} (?:of|in) ["'\`]?$`, 'iu');
const COLUMN_AFTER = new RegExp(`^[^\\d\\n]{1,12}?${COLUMN}[^\\d\\n]{0,4}(\\d{1,9})`, 'iu');
/** A number right after the file: `a.c : 42`, `a.c @ 42`, `a.js 12:3`, `a.js:[12,3]`, `| a.js | 12 |`. */
const BESIDE: readonly RegExp[] = [
  /^ ?[:@] (\d{1,9})(?![^\s+\]])/,
  /^:? (\d{1,9}):(\d{1,9})(?!\S*\.)/,
  /^:? ?[[(](\d{1,9}),(\d{1,9})[\])]/,
  /^ (\d{1,9}): /,
  /^["'`]? ?\| ?(\d{1,9}) ?\|/,
];

/** `a.js (L12-L18)`, `a.js;l=12`. */
const MARKED = /^["'`]?(?:,? ?[([]?L|;l=)(\d{1,9})(?:[-–]L?(\d{1,9}))?(?![\w.])/;

/** The file is one token, the line stands beside it: `a.js, line 12`, `"path":"a.js","line":12`, `line 12 of a.js`. */
export function besideFile(
  token: string,
  before: string,
  after: string,
  paths: readonly string[],
): Named[] {
  const file = fileOf(token.replace(/[.:]+$/, ''), paths);
  if (file === undefined) return [];
  const told = AFTER.exec(after);
  if (told !== null) return inFile(file, lineTold(told.slice(1)));
  const marked = MARKED.exec(after);
  if (marked !== null) return atLine(file, marked[1], undefined, marked[2]);
  const beside = BESIDE.map((form) => form.exec(after)).find((match) => match !== null);
  if (beside !== undefined) return atLine(file, beside?.[1], beside?.[2]);
  const line = BEFORE.exec(before) ?? ORDINAL_BEFORE.exec(before);
  if (line !== null) return atLine(file, line[1], COLUMN_AFTER.exec(after)?.[1]);
  const ordinal = ORDINAL_AFTER.exec(after);
  if (ordinal !== null) return atLine(file, ordinal[1], ordinal[2]);
  const place = codeBeside(before, after);
  return place === undefined ? [] : [{ module: file, place }];
}

function inFile(file: string, place: Place | undefined): Named[] {
  return place === undefined || isBinary(file) ? [] : [{ module: file, place }];
}

/** Forms after a module's name, with the place that each is. */
const CODE_AFTER: readonly (readonly [RegExp, (groups: readonly string[]) => Place])[] = [
  [/^[,)]? (?:at )?(?:the )?(rva|va):? (0x[0-9a-f]{1,16})/i, ([kind, at]) => addressed(kind!, at!)],
  [/^["'`]?,? (?:at )?(?:the )?file offset:? (0x[0-9a-f]{1,16})/i, ([at]) => addressed('off', at!)],
  [/^["'`]\)\.add\((0x[0-9a-f]{1,16})\)/, ([at]) => addressed('rva', at!)],
  [
    /^["'`]?,? (?:in )?(?:the )?section (\.\w{1,40}),?(?: at)?(?: offset)? \+?(0x[0-9a-f]{1,16})/i,
    ([name, offset]) => ({ kind: 'sec', name: name!, offset: BigInt(offset!) }),
  ],
];

/** Forms before it. */
const CODE_BEFORE: typeof CODE_AFTER = [
  [
    /\b(rva|va):? (0x[0-9a-f]{1,16}),? ?(?:in |of )?["'`(]?$/i,
    ([kind, at]) => addressed(kind!, at!),
  ],
  [
    /(?<![\p{L}])(?:file offset|offset in (?:the )?file|смещение в файле):? (0x[0-9a-f]{1,16}),? ?(?:in |of |модуль |файл )?["'`(]?$/iu,
    ([at]) => addressed('off', at!),
  ],
  [/\bpc (?:0x)?([0-9a-f]{1,16}) +$/i, ([at]) => addressed('rva', `0x${at}`)],
  [
    /\bfunction ([\w:~.@$]{1,200}) (?:in|of|from|exported (?:by|from)) ["'`]?$/i,
    ([name]) => ({ kind: 'sym', name: name! }),
  ],
];

/** The place in a module of code that is told beside its name. */
function codeBeside(before: string, after: string): Place | undefined {
  for (const [forms, text] of [
    [CODE_AFTER, after],
    [CODE_BEFORE, before],
  ] as const) {
    for (const [form, place] of forms) {
      const match = form.exec(text);
      if (match !== null) return place(match.slice(1));
    }
  }
  return exportBeside(before, after) ?? methodBeside(before, after);
}

/** Frida: `findExportByName("libscan.so", "scan_file")`. */
function exportBeside(before: string, after: string): Place | undefined {
  if (!/ExportByName\(["'`]$/.test(before)) return undefined;
  const name = /^["'`], ?["'`]([\w:~.@$]{1,200})["'`]/.exec(after)?.[1];
  return name === undefined ? undefined : { kind: 'sym', name };
}

/** .NET: `token 0x0600002A in Net.dll, IL_001f`. */
function methodBeside(before: string, after: string): Place | undefined {
  const token = /\btoken:? (0x06[0-9a-f]{6}) (?:in|of) ["'`]?$/i.exec(before)?.[1];
  if (token === undefined) return undefined;
  const offset = /^["'`]?,? ?(?:at )?IL_([0-9a-f]{4,8})\b/i.exec(after)?.[1];
  const at = offset === undefined ? {} : { offset: BigInt(`0x${offset}`) };
  return { kind: 'il', token: Number(token), ...at };
}

function addressed(kind: string, address: string): Place {
  return { kind: kind.toLowerCase() as 'rva' | 'va' | 'off', address: BigInt(address) };
}
