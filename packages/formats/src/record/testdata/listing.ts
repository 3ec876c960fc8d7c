import { latin1Text, utf8Bytes } from '@avow/bytes';
import { type DatabaseContext, type DatabaseRecord, NO_CONTEXT, type RecordFormat } from '../record.ts';
import { RECORD_READERS } from '../readers.ts';

/**
 * Each record as one line: `line kind id rREVISION off !code`, with `misplaced`
 * where the member does not hold the record's text at its offset and line.
 */
export function recordListing(
  format: RecordFormat,
  path: string,
  text: string | Uint8Array,
  context: Partial<DatabaseContext> = {},
): string[] {
  const bytes = typeof text === 'string' ? utf8Bytes(text) : text;
  const reader = RECORD_READERS[format];
  const list: string[] = [];
  for (const record of reader.read({ path, pieces: [bytes] }, { ...NO_CONTEXT, ...context })) {
    const { line, kind, id, revision, enabled, unknown } = record;
    list.push(
      [
        `${line}`,
        kind,
        ...(id === '' ? [] : [id]),
        ...(revision === undefined ? [] : [`r${revision}`]),
        ...(isInPlace(record, latin1Text(bytes)) ? [] : ['misplaced']),
        ...(enabled ? [] : ['off']),
        ...(unknown === undefined ? [] : [`!${unknown.code}`]),
      ].join(' '),
    );
  }
  return list;
}

function isInPlace(record: DatabaseRecord, text: string): boolean {
  // A record inside a text of another record has its place in that text.
  if (record.member.includes('!/') || record.source === '') return true;
  const { offset, line, source } = record;
  const isOnLine = text.slice(0, offset).split('\n').length === line;
  return isOnLine && text.startsWith(source.slice(0, 8), offset);
}
