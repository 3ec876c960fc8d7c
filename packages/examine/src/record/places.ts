import type { DatabaseRecord } from '@avow/formats/record';
import { encodeName, encodeSegment } from '@avow/locator';

/**
 * A member's locator without its place: `pkg:…#rules/72_active.cf`. A file that
 * is named by its own digest is the whole target: it has no path inside.
 */
export function memberTarget(target: string, path: string): string {
  if (!target.startsWith('pkg:')) return target;
  const encoded = path
    .split('!/')
    .map((part) => part.split('/').map(encodeSegment).join('/'))
    .join('!/');
  return `${target}#${encoded}`;
}

/**
 * Every way in which a place names this record: its own; of a YARA rule, with
 * the namespace that rules have where none is given; of a signature, without
 * its revision.
 */
export function isPlaceOf(place: string, record: DatabaseRecord): boolean {
  if (place === recordPlace(record)) return true;
  if (record.id === '' || !place.startsWith('@rec:')) return false;
  if (record.format === 'yara') return place === `@rec:default:${encodeName(record.id)}`;
  return record.format === 'suricata' && place === `@rec:${encodeName(record.id)}`;
}

/** Ids longer than this are no names. */
const MAX_ID = 200;

/**
 * A record's place: by its id where the maker gives one, else by its line and
 * the digest of its text, which a moved or changed line no longer has.
 */
export function recordPlace(record: DatabaseRecord): string {
  const { id, line } = record;
  if (id !== '' && id.length <= MAX_ID) {
    const revision = record.format === 'suricata' ? (record.revision ?? '') : '';
    return `@rec:${encodeName(revision === '' ? id : `${id}:${revision}`)}`;
  }
  return `@line:${line}`;
}
