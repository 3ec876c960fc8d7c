import type { Faults, Piece } from './faults.ts';
import type { Place, Position } from './locator.ts';
import { decodePercent, encodeName } from './percent.ts';
import { quoted } from './refused.ts';

const HEX = '0x[0-9a-f]{1,16}';
const COUNT = '[0-9]{1,16}';
const ADDRESS = new RegExp(`^(${HEX})(?:,(${COUNT}))?$`, 'i');
const NAME_OFFSET = new RegExp(`^([^+]+)(?:\\+(${HEX}))?$`, 'i');
const TOKEN = new RegExp(`^(0x[0-9a-f]{1,8})(?:\\+(${HEX}))?$`, 'i');
const WASM = new RegExp(`^(${COUNT})(?::(${HEX}))?$`, 'i');
const LINES = new RegExp(`^(${COUNT})(?::(${COUNT}))?(?:-(${COUNT})(?::(${COUNT}))?)?$`);

/** What each kind of place looks like, for people. */
const SHAPES: Readonly<Record<Place['kind'], string>> = {
  rva: '"@rva:0x1a2f0", or with a length in bytes "@rva:0x1a2f0,16"',
  va: '"@va:0x1400012f0", or with a length in bytes "@va:0x1400012f0,16"',
  off: '"@off:0x6f0", or with a length in bytes "@off:0x6f0,8"',
  sec: '"@sec:.text+0x120"',
  sym: '"@sym:name" or "@sym:name+0x20"',
  il: '"@il:0x0600002a" or "@il:0x0600002a+0x1f"',
  wasm: '"@wasm:37" or "@wasm:37:0x1a2b"',
  line: '"@line:12", "@line:12:3" or "@line:12:3-18:5", lines and columns from 1',
  rec: '"@rec:" and the record\'s id',
  all: '"@all"',
};

const LAST_ADDRESS = 0xffff_ffff_ffff_ffffn;

export function printPlace(place: Place): string {
  switch (place.kind) {
    case 'rva':
    case 'va':
    case 'off':
      return `@${place.kind}:${hex(place.address)}${place.length === undefined ? '' : `,${place.length}`}`;
    case 'sec':
      return `@sec:${encodeName(place.name)}+${hex(place.offset)}`;
    case 'sym':
      return `@sym:${encodeName(place.name)}${plus(place.offset)}`;
    case 'il':
      return `@il:0x${place.token.toString(16).padStart(8, '0')}${plus(place.offset)}`;
    case 'wasm':
      return `@wasm:${place.func}${place.offset === undefined ? '' : `:${hex(place.offset)}`}`;
    case 'line':
      return `@line:${position(place.start)}${place.end === undefined ? '' : `-${position(place.end)}`}`;
    case 'rec':
      return `@rec:${encodeName(place.id)}`;
    case 'all':
      return '@all';
    default:
      return place satisfies never;
  }
}

export function readPlace(piece: Piece, faults: Faults): Place | undefined {
  const kind = /^@(rva|va|off|sec|sym|il|wasm|line|rec|all)(?::|$)/.exec(piece.text)?.[1];
  if (kind === undefined) {
    return faults.add({
      code: 'locator.place',
      at: piece.at,
      found: quoted(piece.text),
      expected:
        '"@rva:", "@va:", "@off:", "@sec:", "@sym:", "@il:", "@wasm:", "@line:", "@rec:" or "@all"',
    });
  }
  const word = kind as Place['kind'];
  const colon = piece.text.indexOf(':');
  const body = colon === -1 ? undefined : piece.text.slice(colon + 1);
  const place = readBody(word, body);
  if (place !== undefined) return place;
  return faults.add({
    code: 'locator.place',
    at: piece.at,
    found: quoted(piece.text),
    expected: SHAPES[word],
  });
}

function readBody(kind: Place['kind'], body: string | undefined): Place | undefined {
  if (kind === 'all') return body === undefined ? { kind } : undefined;
  if (body === undefined) return undefined;
  switch (kind) {
    case 'rva':
    case 'va':
    case 'off':
      return readAddress(kind, body);
    case 'sec':
    case 'sym':
      return readNamed(kind, body);
    case 'il': {
      const match = TOKEN.exec(body);
      return match === null ? undefined : { kind, token: Number(match[1]), ...offsetOf(match[2]) };
    }
    case 'wasm': {
      const match = WASM.exec(body);
      const func = Number(match?.[1]);
      return match === null || func > 0xffff_ffff
        ? undefined
        : { kind, func, ...offsetOf(match[2]) };
    }
    case 'line':
      return readLines(body);
    case 'rec': {
      const id = decodePercent(body);
      return id === undefined || id === '' ? undefined : { kind, id };
    }
    default:
      return kind satisfies never;
  }
}

function readAddress(kind: 'rva' | 'va' | 'off', body: string): Place | undefined {
  const match = ADDRESS.exec(body);
  if (match === null) return undefined;
  const address = BigInt(match[1]!);
  if (match[2] === undefined) return { kind, address };
  const length = Number(match[2]);
  const isRange =
    Number.isSafeInteger(length) && length > 0 && address + BigInt(length) - 1n <= LAST_ADDRESS;
  return isRange ? { kind, address, length } : undefined;
}

function readNamed(kind: 'sec' | 'sym', body: string): Place | undefined {
  const match = NAME_OFFSET.exec(body);
  if (match === null) return undefined;
  const name = decodePercent(match[1]!);
  if (name === undefined) return undefined;
  if (kind === 'sym') return { kind, name, ...offsetOf(match[2]) };
  return match[2] === undefined ? undefined : { kind, name, offset: BigInt(match[2]) };
}

function readLines(body: string): Place | undefined {
  const match = LINES.exec(body);
  if (match === null) return undefined;
  const start = positionOf(match[1]!, match[2]);
  if (start === undefined) return undefined;
  if (match[3] === undefined) return { kind: 'line', start };
  const end = positionOf(match[3], match[4]);
  if (end === undefined) return undefined;
  const isForward =
    end.line > start.line ||
    (end.line === start.line && (end.column ?? Infinity) >= (start.column ?? 1));
  if (!isForward) return undefined;
  const isOne = end.line === start.line && end.column === start.column;
  return isOne ? { kind: 'line', start } : { kind: 'line', start, end };
}

function positionOf(line: string, column: string | undefined): Position | undefined {
  const numbers = column === undefined ? [Number(line)] : [Number(line), Number(column)];
  if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 1)) return undefined;
  return column === undefined ? { line: numbers[0]! } : { line: numbers[0]!, column: numbers[1]! };
}

function offsetOf(text: string | undefined): { offset: bigint } | Record<never, never> {
  return text === undefined ? {} : { offset: BigInt(text) };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function plus(offset: bigint | undefined): string {
  return offset === undefined ? '' : `+${hex(offset)}`;
}

function position({ line, column }: Position): string {
  return column === undefined ? `${line}` : `${line}:${column}`;
}
