import { linesOf } from '../lines.ts';
import type { DatabaseMember, DatabaseRecord, RecordReader } from '../record.ts';
import { yaraReader } from '../yara/reader.ts';
import { CLAM_KINDS, type ClamLine, readClamLine } from './kinds.ts';
import { ClamRecord } from './record.ts';
import { commands } from './script.ts';

/** The part of a path after its last dot, in lower case: ClamAV takes a file's type from it. */
export function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/**
 * Lines of a loose ClamAV database file, or of one out of a CVD.
 *
 * A line that starts with `#` and an empty one are no records (readdb.c). What
 * keeps not to its type's grammar is a record whose `unknown` says where.
 */
export const clamavReader: RecordReader = {
  format: 'clamav',
  *read(member, database) {
    const kind = extensionOf(member.path);
    const shape = CLAM_KINDS[kind];
    if (shape === 'yara') yield* yaraReader.read(member, database);
    else if (shape === 'bytecode') yield* bytecode(member, kind);
    else if (shape === 'script') yield* commands(member);
    else if (shape === 'whole') yield* whole(member, kind);
    else if (shape !== undefined) yield* lines(member, kind);
  },
};

function* lines(member: DatabaseMember, kind: string): Generator<DatabaseRecord> {
  const shape = CLAM_KINDS[kind]!;
  const parts: ClamLine = { nameFrom: 0, nameTo: 0, fault: undefined };
  for (const { text, number, offset, size } of linesOf(member.pieces)) {
    if (text === undefined) {
      const record = new ClamRecord(member.path, number, offset, '', kind, shape, 0, 0);
      record.unknown = { code: 'record.line-too-long', message: `a line of ${size} bytes` };
      yield record;
      continue;
    }
    if (text === '' || text.charCodeAt(0) === 35) continue;
    readClamLine(shape, text, parts);
    const record = new ClamRecord(
      member.path,
      number,
      offset,
      text,
      kind,
      shape,
      parts.nameFrom,
      parts.nameTo,
    );
    if (parts.fault !== undefined)
      record.unknown = { code: 'clamav.line', message: `${kind}: ${parts.fault}` };
    yield record;
  }
}

/**
 * A bytecode signature: `ClamBC` header, a trigger like a logical signature's
 * (or empty), then instructions. The instructions are not interpreted, so the
 * record is understood as far as its trigger goes and says so.
 */
function* bytecode(member: DatabaseMember, kind: string): Generator<DatabaseRecord> {
  let source = '';
  let trigger = '';
  for (const { text, number } of linesOf(member.pieces)) {
    if (text === undefined) continue;
    if (number === 2) trigger = text;
    source += `${text}\n`;
  }
  const end = trigger.indexOf(';');
  const from = source.indexOf('\n') + 1;
  const name = end === -1 ? 0 : end;
  const record = new ClamRecord(member.path, 1, 0, source, kind, 'bytecode', from, from + name);
  record.unknown = source.startsWith('ClamBC')
    ? { code: 'clamav.bytecode', message: 'its instructions are not interpreted' }
    : { code: 'clamav.line', message: 'cbc: no ClamBC header' };
  yield record;
}

/** OpenIOC and catalogue files: one record a file, content not interpreted. */
function* whole(member: DatabaseMember, kind: string): Generator<DatabaseRecord> {
  let size = 0;
  for (const piece of member.pieces) size += piece.length;
  const record = new ClamRecord(member.path, 1, 0, '', kind, 'whole', 0, 0);
  record.unknown = { code: 'clamav.line', message: `${kind}: ${size} bytes not interpreted` };
  yield record;
}
