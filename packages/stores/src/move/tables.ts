import { type Kysely, sql } from 'kysely';
import type { DialectName } from '../database/index.ts';

/** Rows of one kind, as both engines have them. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Words of a search index: kept differently, and copied as words. */
  readonly isSearch: boolean;
}

/** What the migrations keep for themselves, and jobs, which have a way of their own. */
const OWN = new Set(['layouts', 'jobs', 'job_progress']);

/** Every table that the code made, by name; columns sorted, for their order may differ. */
export async function shapesOf(
  tables: Kysely<unknown>,
  dialect: DialectName,
): Promise<readonly TableShape[]> {
  const shapes = await (dialect === 'sqlite' ? sqliteShapes(tables) : postgresShapes(tables));
  return shapes
    .filter(({ name }) => !OWN.has(name))
    .map((shape) => ({ ...shape, columns: [...shape.columns].sort() }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function sqliteShapes(tables: Kysely<unknown>): Promise<TableShape[]> {
  const { rows } = await sql<{ name: string; type: string }>`
    SELECT name, type FROM pragma_table_list
    WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`.execute(tables);
  const virtual = new Set(rows.filter(({ type }) => type === 'virtual').map(({ name }) => name));
  const shapes: TableShape[] = [];
  for (const { name, type } of rows) {
    if (type !== 'table') continue;
    const columns = await sql<{ name: string }>`
      SELECT name FROM pragma_table_info(${name})`.execute(tables);
    const isSearch = virtual.has(`${name}_words`);
    shapes.push({
      name,
      columns: isSearch ? SEARCH_COLUMNS : columns.rows.map((column) => column.name),
      isSearch,
    });
  }
  return shapes;
}

const SEARCH_COLUMNS = ['key', 'words'] as const;

async function postgresShapes(tables: Kysely<unknown>): Promise<TableShape[]> {
  const { rows } = await sql<{ name: string; column: string; type: string }>`
    SELECT columns.table_name AS name, column_name AS column, udt_name AS type
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`.execute(tables);
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ column }) => column),
    isSearch: columns.some(({ type }) => type === 'tsvector'),
  }));
}

export type Row = Readonly<Record<string, unknown>>;

/** Rows read at once. */
const CHUNK = 2_000;

/** Every row of a table, in no order, within a transaction. */
export function rowsOf(
  tables: Kysely<unknown>,
  dialect: DialectName,
  shape: TableShape,
): AsyncGenerator<readonly Row[]> {
  if (dialect === 'postgres') return postgresRows(tables, shape);
  return shape.isSearch ? sqliteWords(tables, shape) : sqliteRows(tables, shape);
}

async function* sqliteRows(tables: Kysely<unknown>, { name, columns }: TableShape) {
  const wanted = sql.join(columns.map((column) => sql.ref(column)));
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const { rows } = await sql<Row & { row_number: number }>`
      SELECT rowid AS row_number, ${wanted} FROM ${sql.table(name)}
      WHERE rowid > ${last} ORDER BY rowid LIMIT ${CHUNK}`.execute(tables);
    if (rows.length === 0) return;
    last = rows.at(-1)!.row_number;
    yield rows.map(({ row_number: _, ...row }) => row as Row);
  }
}

/**
 * FTS5 keeps no texts; `fts5vocab` tells which word is in which, the words in
 * turn, so they are gathered beside the database first.
 */
async function* sqliteWords(tables: Kysely<unknown>, { name }: TableShape) {
  const vocabulary = sql.table(`temp.${name}_vocabulary`);
  const texts = sql.table(`temp.${name}_texts`);
  // An attempt before this one may have broken off.
  await sql`DROP TABLE IF EXISTS ${vocabulary}`.execute(tables);
  await sql`DROP TABLE IF EXISTS ${texts}`.execute(tables);
  await sql`CREATE VIRTUAL TABLE ${vocabulary}
    USING fts5vocab('main', ${sql.lit(`${name}_words`)}, 'instance')`.execute(tables);
  await sql`CREATE TABLE ${texts} (id INTEGER PRIMARY KEY, words TEXT NOT NULL)`.execute(tables);
  await sql`INSERT INTO ${texts}
    SELECT doc, group_concat(term, ' ') FROM ${vocabulary} GROUP BY doc`.execute(tables);
  for (let last = 0; ; ) {
    const { rows } = await sql<{ id: number; key: string; words: string | null }>`
      SELECT own.id AS id, key, words FROM ${sql.table(name)} AS own
      LEFT JOIN ${texts} AS texts ON texts.id = own.id
      WHERE own.id > ${last} ORDER BY own.id LIMIT ${CHUNK}`.execute(tables);
    if (rows.length === 0) return;
    last = rows.at(-1)!.id;
    yield rows.map(({ key, words }) => ({ key, words: sortedWords(words?.split(' ') ?? []) }));
  }
}

async function* postgresRows(tables: Kysely<unknown>, { name, columns, isSearch }: TableShape) {
  const wanted = isSearch
    ? sql`key, tsvector_to_array(words) AS words`
    : sql.join(columns.map((column) => sql.ref(column)));
  const cursor = sql.id(`copy_${name}`);
  await sql`DECLARE ${cursor} NO SCROLL CURSOR FOR
    SELECT ${wanted} FROM ${sql.table(name)}`.execute(tables);
  try {
    for (;;) {
      const { rows } = await sql<Row>`FETCH ${sql.lit(CHUNK)} FROM ${cursor}`.execute(tables);
      if (rows.length === 0) break;
      yield isSearch
        ? rows.map(({ key, words }) => ({ key, words: sortedWords(words as string[]) }))
        : rows;
    }
  } finally {
    await sql`CLOSE ${cursor}`.execute(tables);
  }
}

function sortedWords(words: readonly string[]): string {
  return [...words].sort().join(' ');
}
