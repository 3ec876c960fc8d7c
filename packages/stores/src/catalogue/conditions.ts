import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SearchIndex } from '../database/index.ts';

/** Whose view: `all` of staff; else what is public, and what is of this account. */
export type Viewer =
  | { readonly sees: 'all' }
  | { readonly sees: 'public'; readonly account?: string | undefined };

export interface ListOptions {
  readonly viewer: Viewer;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Whether the release of a row is to be seen: in the query, so that no page and no count tells of others. */
export function seen(viewer: Viewer): RawBuilder<SqlBool> {
  if (viewer.sees === 'all') return sql`1 = 1`;
  if (viewer.account === undefined) return sql`releases.is_public = 1`;
  return sql`(releases.is_public = 1 OR releases.owner = ${viewer.account})`;
}

/** `net.http` itself; `net.*` all below it. */
export function isWordOrBelow(column: string, word: string): RawBuilder<SqlBool> {
  if (!word.endsWith('.*')) return sql`${sql.ref(column)} = ${word}`;
  const stem = word.slice(0, -1);
  // The character after the dot: everything that starts with the stem, by the index.
  return sql`(${sql.ref(column)} >= ${stem} AND ${sql.ref(column)} < ${`${stem.slice(0, -1)}/`})`;
}

/** Whether a locator is of one file of its release: `path` as a locator writes it. */
export function isInModule(path: string): RawBuilder<SqlBool> {
  const middle = `#${path} `;
  const length = sql<number>`length(releases.target) + ${middle.length}`;
  return sql`substr(features.locator, 1, ${length}) = releases.target || ${middle}`;
}

/** Whether a text has another in it; letters of ASCII in either case. */
export function containsText(column: string, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`lower(${sql.ref(column)}) LIKE ${pattern} ESCAPE '\\'`;
}

/** Rows whose number is a key of an index of words. */
export function wordsIn(
  index: SearchIndex,
  name: string,
  column: string,
  question: string,
): RawBuilder<SqlBool> {
  return sql`${sql.ref(column)} IN (
    SELECT CAST(key AS BIGINT) FROM ${sql.table(name)} WHERE ${index.matches('key', question)})`;
}
