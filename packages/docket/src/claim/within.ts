import { type Known, readLoose } from '@avow/locator';
import { besideFile } from './beside.ts';
import { atLine, fileOf, filesNamed } from './file-line.ts';
import type { KnownRecord, Named } from './intake.ts';
import { listedPlaces } from './listing.ts';

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
  const lines = text.split('\n', MAX_LINES).filter((line) => line.length <= MAX_LINE);
  const within = lines.flatMap((line, index) => {
    // What an instruction speaks of is not where it stands.
    if (INSTRUCTION.test(line)) return [];
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
      ...recordOf(suricataId(line), ids),
      ...fromBase(line, paths),
      ...symbolIn(line, paths),
      ...listingAt(line, lines[index + 1], paths),
    ];
  });
  return within.length > 0 ? within : listedPlaces(lines, paths);
}

/** WinDbg: address, bytes, mnemonic, operands. */
const INSTRUCTION = /^[0-9a-f]{8}`[0-9a-f]{8} [0-9a-f]{2,30} +[a-z]/i;

const MAX_LINES = 500;
const MAX_LINE = 2_048;
const MAX_TOKENS = 60;
/** What stands between blanks, quotes, brackets and separators; folders of Android end in `==`. */
const TOKEN = /(?:[^\s"'`<>()[\]{},;|=]|=+(?=\/))+/g;

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
  const bare = token.replace(/\.UNOFFICIAL$|[.:]+$/g, '');
  // ClamAV writes a file's digest and size before the name of what it matched.
  const id = ids.get(token) ?? ids.get(bare) ?? ids.get(bare.replace(/^[0-9a-f]{32,64}:\d+:/, ''));
  return id === undefined ? [] : [{ place: { kind: 'rec', id } }];
}

/** Suricata tells an id in three fields, in any order: `"gid":1,"signature_id":2019401,"rev":3`. */
function suricataId(line: string): string {
  const [gid, sid, rev] = [
    /\bgid\W{1,4}(\d{1,9})/,
    /\b(?:signature_id|sid)\W{1,4}(\d{1,9})/,
    /\brev\W{1,4}(\d{1,9})/,
  ].map((field) => field.exec(line)?.[1]);
  return `${gid}:${sid}:${rev}`;
}

/** `lib/send.js:12:3`, `…/lib/send.js?plain=1#L12C3`, also with what a search prints after it. */
function lineIn(token: string, paths: readonly string[]): Named[] {
  const match =
    /^(.{1,400}?\.[A-Za-z]\w{0,7})(?:\?[^#]*)?(?::|#L|:L|#)(\d{1,9})(?:(?::|C)(\d{1,9}))?(?:-L?(\d{1,9})|:\d{1,9}:\d{1,9})?(?::[^\d].*|:)?\.?$/.exec(
      token,
    );
  if (match === null) {
    const lines = /^(.{1,400})#lines-(\d{1,9})(?::(\d{1,9}))?$/.exec(token);
    return lines === null ? [] : atLine(fileOf(lines[1]!, paths), lines[2], undefined, lines[3]);
  }
  const [, name = '', line, column, end] = match;
  return atLine(fileOf(name, paths), line, column, end);
}

/** `eav.exe+0x1a2f0`, `eav!scan_file+0x20`: by the forms of a whole line. */
function moduleIn(token: string, known: Known): Named[] {
  if (!/^[^:]{1,200}(?:!|\+0x)/.test(token)) return [];
  return readLoose(token.replace(/[.:]+$/, ''), known).candidates.flatMap(
    ({ module: pasted, draft: { place, target } }) => {
      const path = target?.kind === 'purl' ? target.path : undefined;
      const module = path?.map((segments) => segments.join('/')).join('!/') ?? pasted;
      const isAddress = place?.kind === 'rva' || place?.kind === 'sym';
      if (module === undefined || !isAddress) return [];
      const isHad = path !== undefined || filesNamed(module, known.paths ?? []).length > 0;
      return isHad ? [{ module, place }] : [];
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

/** LLDB and DTrace: `libscan.so` and a symbol with a backtick between them; ` + 32` is decimal, `+0x20` is not. */
function symbolIn(line: string, paths: readonly string[]): Named[] {
  const match =
    /(?<![^\s`])([^\s`]{1,200})`([\w:~.@$]{1,200})(?: \+ (\d{1,9})|\+(0x[0-9a-f]{1,8}))(?= |$)/i.exec(
      line,
    );
  const file = match === null || / at \S+:\d/.test(line) ? undefined : fileOf(match[1]!, paths);
  if (match === null || file === undefined) return [];
  const offset = BigInt(match[3] ?? match[4]!);
  return [
    { module: file, place: { kind: 'sym', name: match[2]!, ...(offset === 0n ? {} : { offset }) } },
  ];
}

/** A listing: the file on a line of its own, and the first numbered line below it; or a difference's hunk. */
function listingAt(line: string, next: string | undefined, paths: readonly string[]): Named[] {
  const hunk = /^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(next ?? '');
  const changed = /^\+{3} (?:b\/)?(\S{1,400})/.exec(line);
  if (hunk !== null && changed !== null) {
    const last = Number(hunk[1]) + Number(hunk[2] ?? 1) - 1;
    return atLine(fileOf(changed[1]!, paths), hunk[1], undefined, `${last}`);
  }
  const number = /^\s{0,20}[>→❯]?\s{0,4}(\d{1,9}) ?[┆│|]/.exec(next ?? '')?.[1];
  return number === undefined ? [] : atLine(fileOf(line.trim(), paths), number);
}
