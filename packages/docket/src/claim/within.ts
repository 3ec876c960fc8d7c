import { type Known, type Place, readLoose } from '@avow/locator';
import type { KnownRecord, Named } from './intake.ts';

/**
 * Places within lines that no form of a whole line takes: a file of the
 * product with a line, a module with an offset, the id of a record, wherever
 * they stand. Only what the product has counts, so that prose and other
 * people's files are passed over; every place that is found is given.
 */
export function placesWithin(
  text: string,
  known: Known,
  records: readonly KnownRecord[],
): readonly Named[] {
  const paths = known.paths ?? [];
  const ids = idsOf(records);
  const lines = text.split('\n', MAX_LINES);
  return lines.flatMap((line, index) => {
    if (line.length > MAX_LINE) return [];
    const close = line
      .replaceAll(/ \+ ?(?=0x[0-9a-f])/gi, '+')
      .replaceAll(/\?[\w.=&-]{1,80}(?=:\d)/g, '');
    const tokens = [...close.matchAll(TOKEN)].slice(0, MAX_TOKENS);
    const found = tokens.flatMap(({ 0: token, index: at }) => [
      ...recordOf(token, ids),
      ...lineIn(token, paths),
      ...besideFile(token, close.slice(0, at), close.slice(at + token.length), paths),
      ...moduleIn(token, known),
    ]);
    return [
      ...found,
      ...fromBase(line, paths),
      ...symbolIn(line, paths),
      ...listingAt(line, lines[index + 1], paths),
    ];
  });
}

const MAX_LINES = 500;
const MAX_LINE = 2_048;
const MAX_TOKENS = 60;
/** What stands between blanks, quotes, brackets and separators. */
const TOKEN = /[^\s"'`<>()[\]{},;|=]+/g;

/** Ids, and names in a namespace that no other has. */
function idsOf(records: readonly KnownRecord[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const twice = new Set<string>();
  for (const { id } of records) {
    const short = /^[A-Za-z_]\w*:([A-Za-z_]\w*)$/.exec(id)?.[1];
    for (const name of short === undefined ? [id] : [id, short]) {
      if (name.length < 4) continue;
      if (ids.has(name) && ids.get(name) !== id) twice.add(name);
      ids.set(name, id);
    }
  }
  for (const name of twice) ids.delete(name);
  return ids;
}

function recordOf(token: string, ids: ReadonlyMap<string, string>): Named[] {
  const id = ids.get(token) ?? ids.get(token.replace(/\.UNOFFICIAL$|[.:]+$/g, ''));
  return id === undefined ? [] : [{ place: { kind: 'rec', id } }];
}

/** `lib/send.js:12:3`, `…/lib/send.js?plain=1#L12C3`, also with what a search prints after it. */
function lineIn(token: string, paths: readonly string[]): Named[] {
  const match =
    /^(.{1,400}?\.[A-Za-z]\w{0,7})(?:\?[^#]*)?(?::|#L|:L|#)(\d{1,9})(?:(?::|C)(\d{1,9}))?(?:-L?(\d{1,9})|:\d{1,9}:\d{1,9})?(?::[^\d].*|:)?\.?$/.exec(
      token,
    );
  if (match === null) return [];
  const [, name = '', line, column, end] = match;
  return atLine(fileOf(name, paths), line, column, end);
}

/** Words for a line, as people of several languages and tools write them. */
const LINE = '(?:lines?|rows?|ln|l\\.|zeile|ligne|l[ií]nea|linha|riga|строк[аеи])';
const AFTER = new RegExp(
  `^[^\\d\\n]{0,40}?(?<![\\p{L}])${LINE}(?![\\p{L}])[^\\d\\n]{0,6}(\\d{1,9})(?: ?[-–] ?(\\d{1,9}))?(?:[^\\d\\n]{1,12}?\\bcol(?:umn)?\\b[^\\d\\n]{0,4}(\\d{1,9}))?`,
  'iu',
);
const BEFORE = new RegExp(`(?<![\\p{L}])(?:${LINE} ?|L)(\\d{1,9}) (?:of|in) ["'\`]?$`, 'iu');
/** A number right after the file: `a.c : 42`, `a.c @ 42`, `a.js 12:3`, `a.js:[12,3]`, `| a.js | 12 |`. */
const BESIDE: readonly RegExp[] = [
  /^ ?[:@] (\d{1,9})(?![^\s+\]])/,
  /^:? (\d{1,9}):(\d{1,9})(?!\S*\.)/,
  /^:? ?[[(](\d{1,9}),(\d{1,9})[\])]/,
  /^ (\d{1,9}): /,
  /^["'`]? ?\| ?(\d{1,9}) ?\|/,
];

/** The file is one token, the line stands beside it: `a.js, line 12`, `"path":"a.js","line":12`, `line 12 of a.js`. */
function besideFile(
  token: string,
  before: string,
  after: string,
  paths: readonly string[],
): Named[] {
  const file = fileOf(token.replace(/[.:]+$/, ''), paths);
  if (file === undefined) return [];
  const told = AFTER.exec(after);
  if (told !== null) return atLine(file, told[1], told[3], told[2]);
  const beside = BESIDE.map((form) => form.exec(after)).find((match) => match !== null);
  if (beside !== undefined) return atLine(file, beside?.[1], beside?.[2]);
  const address =
    /^[,)]? (?:at )?(?:the )?(rva|va):? (0x[0-9a-f]{1,16})/i.exec(after) ??
    /\b(rva|va):? (0x[0-9a-f]{1,16}),? ?(?:in |of )?["'`(]?$/i.exec(before);
  if (address !== null) {
    const kind = address[1]!.toLowerCase() as 'rva' | 'va';
    return [{ module: file, place: { kind, address: BigInt(address[2]!) } }];
  }
  const line = BEFORE.exec(before);
  if (line !== null) return atLine(file, line[1]);
  const counter = /\bpc (?:0x)?([0-9a-f]{1,16}) +$/i.exec(before);
  if (counter !== null) {
    return [{ module: file, place: { kind: 'rva', address: BigInt(`0x${counter[1]}`) } }];
  }
  const symbol = /\bfunction ([\w:~.@$]{1,200}) in ["'`]?$/i.exec(before);
  return symbol === null ? [] : [{ module: file, place: { kind: 'sym', name: symbol[1]! } }];
}

/** `eav.exe+0x1a2f0`, `eav!scan_file+0x20`: by the forms of a whole line. */
function moduleIn(token: string, known: Known): Named[] {
  if (!/^[^:]{1,200}(?:!|\+0x)/.test(token)) return [];
  return readLoose(token.replace(/[.:]+$/, ''), known).candidates.flatMap(
    ({ module: pasted, draft: { place, target } }) => {
      const path = target?.kind === 'purl' ? target.path : undefined;
      const module = path?.map((segments) => segments.join('/')).join('!/') ?? pasted;
      const isAddress = place?.kind === 'rva' || place?.kind === 'sym';
      return module === undefined || !isAddress ? [] : [{ module, place }];
    },
  );
}

/** An address of a running process with the module's base beside it. */
function fromBase(line: string, paths: readonly string[]): Named[] {
  const match =
    /^(\S{1,200}) base:? (0x[0-9a-f]{1,16}),? (?:pc|rip|eip|address|at):? (0x[0-9a-f]{1,16})$/i.exec(
      line.trim(),
    );
  const file = match === null ? undefined : fileOf(match[1]!, paths);
  if (match === null || file === undefined) return [];
  const address = BigInt(match[3]!) - BigInt(match[2]!);
  return address < 0n ? [] : [{ module: file, place: { kind: 'rva', address } }];
}

/** LLDB: `libscan.so` and a symbol with a backtick between them, the offset in decimal. */
function symbolIn(line: string, paths: readonly string[]): Named[] {
  const match = /([^\s`]{1,200})`([\w:~.@$]{1,200}) \+ (\d{1,9})(?= |$)/.exec(line);
  const file = match === null || / at \S+:\d/.test(line) ? undefined : fileOf(match[1]!, paths);
  if (match === null || file === undefined) return [];
  const offset = BigInt(match[3]!);
  return [
    { module: file, place: { kind: 'sym', name: match[2]!, ...(offset === 0n ? {} : { offset }) } },
  ];
}

/** A listing: the file on a line of its own, and the first numbered line below it. */
function listingAt(line: string, next: string | undefined, paths: readonly string[]): Named[] {
  const number = /^\s{0,20}[>→❯]?\s{0,4}(\d{1,9}) ?[┆│|]/.exec(next ?? '')?.[1];
  return number === undefined ? [] : atLine(fileOf(line.trim(), paths), number);
}

function atLine(
  file: string | undefined,
  line: string | undefined,
  column?: string,
  end?: string,
): Named[] {
  if (file === undefined || line === undefined || Number(line) < 1) return [];
  const start = { line: Number(line), ...(Number(column) >= 1 ? { column: Number(column) } : {}) };
  const isRange = end !== undefined && Number(end) > start.line;
  const place: Place = { kind: 'line', start, ...(isRange ? { end: { line: Number(end) } } : {}) };
  return [{ module: file, place }];
}

/** The one file of the product that a name can mean: it ends like it, or it ends like the name. */
function fileOf(name: string, paths: readonly string[]): string | undefined {
  if (!/\.[A-Za-z]\w{0,7}(?:\.\d+)*$/.test(name)) return undefined;
  const wanted = `/${name
    .replaceAll('\\', '/')
    .replace(/^\.{0,2}\//, '')
    .toLowerCase()}`;
  const files = paths.filter((path) => {
    const whole = `/${path.toLowerCase()}`;
    return whole.endsWith(wanted) || wanted.endsWith(whole);
  });
  if (files.length > 0 || !BINARY.test(wanted)) return files.length === 1 ? files[0] : undefined;
  // Libraries are installed in other folders than they are shipped in.
  const last = wanted.slice(wanted.lastIndexOf('/'));
  const named = paths.filter((path) => `/${path.toLowerCase()}`.endsWith(last));
  return named.length === 1 ? named[0] : undefined;
}

const BINARY = /\.(?:so(?:\.\d+)*|dll|exe|sys|dylib|ko|node)$/;
