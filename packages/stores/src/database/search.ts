import { type QueryExecutorProvider, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DialectName } from './database.ts';
import type { Step } from './migrate.ts';

/** Of a longer word its beginning is kept: hostile text has words of megabytes. */
const MAX_WORD = 64;
/** Words kept of one text: PostgreSQL's `tsvector` ends at a megabyte. */
const MAX_WORDS = 4_096;
/** Words of a question; each costs a look-up. */
const MAX_ASKED = 16;
/** A shorter word is looked for as it is: its beginnings would be most of the index. */
const MIN_PREFIX = 2;
/** Texts put with one statement. */
const CHUNK = 200;

export interface Searchable {
  readonly key: string;
  readonly text: string;
}

/**
 * Letters and digits, in lower case, each word once. The engines' own ways of
 * finding words differ, so they are given words, and find the same.
 */
export function wordsOf(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const kept = new Set<string>();
  for (const word of words) {
    kept.add(
      Array.from(word.slice(0, 2 * MAX_WORD))
        .slice(0, MAX_WORD)
        .join(''),
    );
    if (kept.size === MAX_WORDS) break;
  }
  return [...kept];
}

/** Makes the tables of a search index; a step of the migrations of whoever has it. */
export function searchStep(name: string): Step {
  return [
    {
      sqlite: `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT`,
      postgres: `CREATE TABLE ${name} (
        key TEXT COLLATE "C" PRIMARY KEY, words TSVECTOR NOT NULL)`,
    },
    {
      // `ascii` leaves all else as it is, and our words are in lower case already.
      sqlite: `CREATE VIRTUAL TABLE ${name}_words USING fts5 (
        words, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '3')`,
      postgres: `CREATE INDEX ${name}_words ON ${name} USING gin (words)`,
    },
  ];
}

/**
 * Finds keys by words of their texts: SQLite's FTS5 and PostgreSQL's tsvector.
 * A text is found when each word of the question begins one of its words. The
 * order is the caller's, by columns: the engines would rank differently.
 */
export class SearchIndex {
  readonly #name: string;
  readonly #dialect: DialectName;

  constructor(name: string, dialect: DialectName) {
    this.#name = name;
    this.#dialect = dialect;
  }

  /** Inside the transaction that writes the rows themselves. A key has one text. */
  async put(tables: QueryExecutorProvider, texts: readonly Searchable[]): Promise<void> {
    // Of one key twice, the last counts, as if they had come one by one.
    const last = [...new Map(texts.map((one) => [one.key, one])).values()];
    for (let from = 0; from < last.length; from += CHUNK) {
      const chunk = last.slice(from, from + CHUNK);
      if (this.#dialect === 'sqlite') await this.#putSqlite(tables, chunk);
      else await this.#putPostgres(tables, chunk);
    }
  }

  async remove(tables: QueryExecutorProvider, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const name = sql.table(this.#name);
    const listed = sql.join(keys.map((key) => sql.val(key)));
    if (this.#dialect === 'sqlite') {
      await sql`DELETE FROM ${this.#words} WHERE rowid IN (
        SELECT id FROM ${name} WHERE key IN (${listed}))`.execute(tables);
    }
    await sql`DELETE FROM ${name} WHERE key IN (${listed})`.execute(tables);
  }

  /** A condition on the column that has the key. A question without words finds nothing. */
  matches(column: string, question: string): RawBuilder<SqlBool> {
    const words = wordsOf(question).slice(0, MAX_ASKED);
    if (words.length === 0) return sql`1 = 0`;
    const name = sql.table(this.#name);
    const star = (word: string) => word.length >= MIN_PREFIX;
    if (this.#dialect === 'sqlite') {
      const asked = words.map((word) => `"${word}"${star(word) ? '*' : ''}`).join(' ');
      return sql`${sql.ref(column)} IN (SELECT key FROM ${name} WHERE id IN (
        SELECT rowid FROM ${this.#words} WHERE words MATCH ${asked}))`;
    }
    const asked = words.map((word) => `'${word}'${star(word) ? ':*' : ''}`).join(' & ');
    return sql`${sql.ref(column)} IN (
      SELECT key FROM ${name} WHERE words @@ CAST(${asked} AS tsquery))`;
  }

  get #words() {
    return sql.table(`${this.#name}_words`);
  }

  async #putSqlite(tables: QueryExecutorProvider, texts: readonly Searchable[]): Promise<void> {
    const rows = texts.map(({ key }) => sql`(${key})`);
    const { rows: ids } = await sql<{ id: number; key: string }>`
      INSERT INTO ${sql.table(this.#name)} (key) VALUES ${sql.join(rows)}
      ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id, key`.execute(tables);
    const idOf = new Map(ids.map(({ id, key }) => [key, id]));
    const words = texts.map(({ key, text }) => sql`(${idOf.get(key)}, ${wordsOf(text).join(' ')})`);
    await sql`INSERT OR REPLACE INTO ${this.#words} (rowid, words)
      VALUES ${sql.join(words)}`.execute(tables);
  }

  async #putPostgres(tables: QueryExecutorProvider, texts: readonly Searchable[]): Promise<void> {
    const rows = texts.map(
      ({ key, text }) => sql`(${key}, array_to_tsvector(${sql.val(wordsOf(text))}::text[]))`,
    );
    await sql`INSERT INTO ${sql.table(this.#name)} (key, words) VALUES ${sql.join(rows)}
      ON CONFLICT (key) DO UPDATE SET words = excluded.words`.execute(tables);
  }
}
