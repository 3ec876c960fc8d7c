import { hashOf, latin1Bytes, latin1Text, Refused } from '@avow/bytes';
import { gunzipped } from './cvd.ts';
import { CLAMAV_KEYS, type ClamKeys, signatureNumber } from './keys.ts';
import { isPssSigned } from './rsa.ts';

/** One step of a script, as freshclam takes it (libclamav_rust/src/cdiff.rs). */
export type CdiffStep =
  | { readonly do: 'open' | 'close' | 'unlink'; readonly file: string; readonly at: number }
  | { readonly do: 'add'; readonly file: string; readonly line: string; readonly at: number }
  | {
      readonly do: 'delete';
      readonly file: string;
      readonly number: number;
      readonly old: string;
      readonly at: number;
    }
  | {
      readonly do: 'exchange';
      readonly file: string;
      readonly number: number;
      readonly old: string;
      readonly line: string;
      readonly at: number;
    }
  | {
      readonly do: 'move';
      readonly from: string;
      readonly to: string;
      readonly first: { readonly number: number; readonly old: string };
      readonly last: { readonly number: number; readonly old: string };
      readonly at: number;
    };

export interface Cdiff {
  /** The update number it leads to. */
  readonly version: string;
  readonly steps: readonly CdiffStep[];
  readonly isSigned: boolean;
}

/** The largest real script has 20 MB. */
const MAX_SCRIPT_BYTES = 256 * 1024 * 1024;

/**
 * Reads `ClamAV-Diff:<version>:<script bytes>:` gzip(script) `:` signature.
 *
 * The signature is over everything before the last colon. Refuses
 * `clamav.cdiff` with the place for a header, an archive or a script that
 * cannot be read, or whose size is not the stated one.
 */
export function readCdiff(bytes: Uint8Array, keys: ClamKeys = CLAMAV_KEYS): Cdiff {
  const { version, script, end } = partsOf(bytes);
  const number = signatureNumber(latin1Text(bytes.subarray(end + 1)).trim());
  const hash = hashOf('sha256', bytes.subarray(0, end));
  return {
    version,
    steps: stepsOf(latin1Text(script)),
    isSigned: number !== undefined && isPssSigned(hash, number, keys.cdiff),
  };
}

/** The script of a `.cdiff`, unpacked. Refuses as `readCdiff` does. */
export function cdiffScript(bytes: Uint8Array): Uint8Array {
  return partsOf(bytes).script;
}

function partsOf(bytes: Uint8Array): { version: string; script: Uint8Array; end: number } {
  const head = /^ClamAV-Diff:(\d+):(\d+):/.exec(latin1Text(bytes.subarray(0, 64)));
  const end = bytes.lastIndexOf(58);
  if (head === null || end < head[0].length)
    throw new Refused('clamav.cdiff', 0, 'no ClamAV-Diff header, or no signature');
  const script = gunzipped(bytes.subarray(head[0].length, end), MAX_SCRIPT_BYTES);
  if (script.length !== Number(head[2]))
    throw new Refused('clamav.cdiff', 0, `a script of ${script.length} bytes, ${head[2]} stated`);
  return { version: head[1]!, script, end };
}

function stepsOf(script: string): CdiffStep[] {
  const steps: CdiffStep[] = [];
  let file: string | undefined;
  for (const [index, text] of script.split('\n').entries()) {
    const line = text.replace(/\r$/, '');
    if (line === '' || line.startsWith('#')) continue;
    const step = stepOf(line, file, index + 1);
    if (step === undefined)
      throw new Refused(
        'clamav.cdiff',
        undefined,
        `line ${index + 1}: ${JSON.stringify(line.slice(0, 80))}`,
      );
    if (step.do === 'open') file = step.file;
    if (step.do === 'close') file = undefined;
    steps.push(step);
  }
  return steps;
}

/** One line of a script, `file` being the one that is open; undefined for what is no command. */
export function stepOf(line: string, file: string | undefined, at: number): CdiffStep | undefined {
  const word = line.split(' ', 1)[0]!;
  const rest = line.slice(word.length + 1);
  switch (word) {
    case 'OPEN':
      return file === undefined ? { do: 'open', file: rest.trim(), at } : undefined;
    case 'CLOSE':
      return file === undefined ? undefined : { do: 'close', file, at };
    case 'UNLINK':
      return { do: 'unlink', file: rest.trim(), at };
    case 'ADD':
      return file === undefined ? undefined : { do: 'add', file, line: rest, at };
    case 'DEL': {
      const match = /^(\d+) (.*)$/.exec(rest);
      if (file === undefined || match === null) return undefined;
      return { do: 'delete', file, number: Number(match[1]), old: match[2]!, at };
    }
    case 'XCHG': {
      const match = /^(\d+) (\S+) (.*)$/.exec(rest);
      if (file === undefined || match === null) return undefined;
      return {
        do: 'exchange',
        file,
        number: Number(match[1]),
        old: match[2]!,
        line: match[3]!,
        at,
      };
    }
    case 'MOVE': {
      const match = /^(\S+) (\S+) (\d+) (\S+) (\d+) (\S+)$/.exec(rest);
      if (file !== undefined || match === null) return undefined;
      return {
        do: 'move',
        from: match[1]!,
        to: match[2]!,
        first: { number: Number(match[3]), old: match[4]! },
        last: { number: Number(match[5]), old: match[6]! },
        at,
      };
    }
    default:
      return undefined;
  }
}

/**
 * Applies a script to a database's members; gives the members after it.
 *
 * Line numbers are of the member as it was when it was opened. Refuses
 * `clamav.cdiff-mismatch` where a line does not begin as the script says: the
 * script is not for these bytes.
 */
export function applyCdiff(
  members: ReadonlyMap<string, Uint8Array>,
  cdiff: Cdiff,
): Map<string, Uint8Array> {
  const after = new Map(members);
  let lines: (string | undefined)[] = [];
  let added: string[] = [];
  for (const step of cdiff.steps) {
    switch (step.do) {
      case 'open':
        lines = linesOfBytes(after.get(step.file));
        added = [];
        break;
      case 'add':
        added.push(step.line);
        break;
      case 'delete':
        expectLine(lines, step.number, step.old, step.at);
        lines[step.number - 1] = undefined;
        break;
      case 'exchange':
        expectLine(lines, step.number, step.old, step.at);
        lines[step.number - 1] = step.line;
        break;
      case 'close':
        after.set(step.file, bytesOfLines([...lines, ...added]));
        break;
      case 'unlink':
        after.delete(step.file);
        break;
      case 'move':
        moveLines(after, step);
        break;
      default:
        return step satisfies never;
    }
  }
  return after;
}

function moveLines(
  members: Map<string, Uint8Array>,
  step: Extract<CdiffStep, { do: 'move' }>,
): void {
  const from = linesOfBytes(members.get(step.from));
  expectLine(from, step.first.number, step.first.old, step.at);
  expectLine(from, step.last.number, step.last.old, step.at);
  const moved = from.splice(step.first.number - 1, step.last.number - step.first.number + 1);
  members.set(step.from, bytesOfLines(from));
  members.set(step.to, bytesOfLines([...linesOfBytes(members.get(step.to)), ...moved]));
}

function expectLine(
  lines: readonly (string | undefined)[],
  number: number,
  old: string,
  at: number,
): void {
  const line = lines[number - 1];
  if (line?.startsWith(old)) return;
  throw new Refused(
    'clamav.cdiff-mismatch',
    undefined,
    `script line ${at}: line ${number} is ${JSON.stringify(line?.slice(0, 60) ?? 'not there')}, not ${JSON.stringify(old.slice(0, 60))}`,
  );
}

function linesOfBytes(bytes: Uint8Array | undefined): (string | undefined)[] {
  if (bytes === undefined) return [];
  const lines = latin1Text(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function bytesOfLines(lines: readonly (string | undefined)[]): Uint8Array {
  return latin1Bytes(
    lines
      .filter((line) => line !== undefined)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
