import { Refused } from '@avow/bytes';
import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';

/** A part of a list, and where the next part begins; without `next` it was the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Opaque: made and read here only. */
  readonly next?: string;
}

export interface PageQuery {
  /**
   * What the list is ordered by, the last of them unique; a cursor holds their
   * values of the last row seen. Columns of the rows by the names they have there.
   */
  readonly keys: readonly PageKey[];
  readonly direction?: 'asc' | 'desc';
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface PageKey {
  /** Name in the row. */
  readonly name: string;
  /** As the query knows it, `claims.number`; the name, if absent. */
  readonly column?: string;
  readonly type: 'text' | 'integer';
}

/**
 * Reads a page by keyset: rows that come or go meanwhile shift no other row,
 * and the last page costs what the first does.
 *
 * Refuses `page.cursor` for an `after` that this order did not make.
 */
export async function readPage<Tables, From extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, From, Row>,
  { keys, direction = 'asc', after, limit }: PageQuery,
): Promise<Page<Row>> {
  const columns = keys.map(({ name, column }) => sql.ref<string>(column ?? name));
  let paged = query.limit(limit + 1);
  for (const column of columns) paged = paged.orderBy(column, direction);
  if (after !== undefined) {
    const beyond = sql.raw(direction === 'asc' ? '>' : '<');
    const values = valuesOf(after, keys);
    paged = paged.where(
      sql<SqlBool>`(${sql.join(columns)}) ${beyond} (${sql.join(values.map((value) => sql.val(value)))})`,
    );
  }
  const found = await paged.execute();
  const rows = found.slice(0, limit);
  const last = rows.at(-1) as Record<string, unknown> | undefined;
  if (found.length <= limit || last === undefined) return { rows };
  return { rows, next: cursorOf(keys.map(({ name }) => last[name])) };
}

function cursorOf(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Cursors come from outside: what is no value of a key would be an error of the database. */
function valuesOf(cursor: string, keys: readonly PageKey[]): (string | number)[] {
  const values = parsed(Buffer.from(cursor, 'base64url').toString());
  const isOurs =
    Array.isArray(values) &&
    values.length === keys.length &&
    keys.every(({ type }, index) => isOfType(type, values[index]));
  if (isOurs) return values;
  throw new Refused(
    'page.cursor',
    undefined,
    `this list has no page after ${JSON.stringify(cursor.slice(0, MAX_SHOWN))}`,
  );
}

/** Of what is not ours, enough to know it again. */
const MAX_SHOWN = 80;

function isOfType(type: PageKey['type'], value: unknown): boolean {
  return type === 'integer'
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && !value.includes('\0');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
