import {
  CLAMAV_TRUST,
  type ClamTrust,
  type DatabaseRecord,
  databasesIn,
  type FoundDatabase,
  type Literal,
  type ProductMember,
} from '@avow/formats/record';
import { recordsOf } from './examine.ts';
import { featuresOf } from './features.ts';
import type { RecordFeature } from './model.ts';
import { isPlaceOf } from './places.ts';
import type { Sight } from './sight.ts';

/** One record, found by its place, with what it does and looks for. */
export interface ShownRecord {
  readonly record: DatabaseRecord;
  readonly features: readonly RecordFeature[];
  readonly literals: readonly Literal[];
  /** Digests and signatures of the database that it is of. */
  readonly checks: FoundDatabase['checks'];
}

/**
 * Records of a product that a place names: `@rec:` by identifier (more than
 * one where the maker gives one name to several), `@line:` by the line that
 * the record stands on, `@all` all of the file. `path` is that of the member, also one inside a
 * database (`x.cvd!/daily.ndb`, `rules.json!/rawFilterList`); undefined for a
 * file that is the whole product.
 */
export function recordsAt(
  members: readonly ProductMember[],
  path: string | undefined,
  place: string,
  sight: Sight,
  trust: ClamTrust = CLAMAV_TRUST,
): ShownRecord[] {
  const line = /^@line:(\d+)/.exec(place)?.[1];
  const found: ShownRecord[] = [];
  for (const database of databasesIn(members, trust)) {
    const { checks } = database;
    if (path !== undefined && !holds(database, path)) continue;
    for (const record of recordsOf(database)) {
      if (path !== undefined && record.member !== path && database.path !== path) continue;
      const fits =
        place === '@all' ||
        (line === undefined ? isPlaceOf(place, record) : isOnLine(record, Number(line)));
      if (fits)
        found.push({
          record,
          features: featuresOf(record, sight),
          literals: record.literals(),
          checks,
        });
    }
  }
  return found;
}

function holds({ path: own, members }: FoundDatabase, path: string): boolean {
  if (own === path) return true;
  return members.some((member) => path === member.path || path.startsWith(`${member.path}!/`));
}

function isOnLine(record: DatabaseRecord, line: number): boolean {
  if (line < record.line) return false;
  if (line === record.line) return true;
  const text = record.source;
  let lines = record.line;
  for (let at = text.indexOf('\n'); at !== -1 && lines < line; at = text.indexOf('\n', at + 1))
    lines++;
  return lines >= line;
}
