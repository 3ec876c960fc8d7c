import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Refused } from '@avow/bytes';
import {
  type Artifact,
  type ArtifactStore,
  CHAIN_START,
  type ChainEnd,
  type Counts,
  type DocketEvent,
  type DocketStore,
  eventBytes,
  eventDigest,
  type ListQuery,
  linked,
  type NewEvent,
  numberOf,
  type Row,
  refusalsIn,
  type Subject,
} from '@avow/docket';
import { eventOf } from './rows.ts';
import { migrate } from './schema.ts';

/** How long one writer waits for another before it gives up. */
const BUSY_MS = 10_000;

/** Acknowledged means on the disk: WAL with a sync at each commit. */
const SETTINGS = `
  PRAGMA busy_timeout = ${BUSY_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
`;

/** Events read at once when the whole chain is walked. */
const CHUNK = 1_000;

const ROW = 'kind, number, state, target, said, fingerprint, updated, due';

interface SubjectRow {
  readonly kind: 'claim' | 'case';
  readonly number: number;
  readonly state: string;
  readonly target: string;
  readonly said: string;
  readonly fingerprint: string | null;
  readonly updated: string;
  readonly due: number | null;
}

/** A docket in one SQLite file. Refuses `docket.version` for a later layout. */
export class DocketDatabase implements DocketStore, ArtifactStore {
  readonly #database: DatabaseSync;

  /** `maxPages` bounds the file, in pages of 4 KiB. */
  constructor(path: string, { maxPages }: { readonly maxPages?: number } = {}) {
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path);
    this.#database.exec(SETTINGS);
    if (maxPages !== undefined) this.#database.exec(`PRAGMA max_page_count = ${maxPages}`);
    migrate(this.#database);
  }

  async append(events: readonly NewEvent[]): Promise<readonly DocketEvent[]> {
    const database = this.#database;
    database.exec('BEGIN IMMEDIATE');
    try {
      let end = this.#end();
      const written = events.map((one) => {
        const event = this.#write(end, one);
        end = { number: event.number, at: event.at, digest: eventDigest(event) };
        return event;
      });
      database.exec('COMMIT');
      return written;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  async eventsOf(subject: Subject): Promise<readonly DocketEvent[]> {
    const rows = this.#database
      .prepare('SELECT bytes FROM events WHERE subject = ? ORDER BY version')
      .all(subject);
    return rows.map(eventOf);
  }

  async *events(): AsyncGenerator<DocketEvent> {
    const chunk = this.#database.prepare(
      'SELECT bytes FROM events WHERE number > ? ORDER BY number LIMIT ?',
    );
    for (let last = 0; ; ) {
      const rows = chunk.all(last, CHUNK);
      for (const row of rows) {
        const event = eventOf(row);
        last = event.number;
        yield event;
      }
      if (rows.length < CHUNK) return;
    }
  }

  async end(): Promise<ChainEnd> {
    return this.#end();
  }

  async nextNumber(kind: Row['kind']): Promise<number> {
    const row = this.#database
      .prepare('SELECT max(number) AS last FROM subjects WHERE kind = ?')
      .get(kind) as { last: number | null };
    return (row.last ?? 0) + 1;
  }

  async list(query: ListQuery): Promise<readonly Row[]> {
    const { kind, state, target, fingerprint, after, limit } = query;
    const conditions: [string, string | number | undefined][] = [
      ['kind = ?', kind],
      ['state = ?', state],
      ['target = ?', target],
      ['fingerprint = ?', fingerprint],
      ['number < ?', after === undefined ? undefined : numberOf(after)],
    ];
    const used = conditions.filter(([, value]) => value !== undefined);
    const where = used.map(([text]) => text).join(' AND ');
    const rows = this.#database
      .prepare(`SELECT ${ROW} FROM subjects WHERE ${where} ORDER BY number DESC LIMIT ?`)
      .all(...used.map(([, value]) => value!), limit);
    return rows.map((row) => rowOf(row as unknown as SubjectRow));
  }

  async due(time: number, limit: number): Promise<readonly Row[]> {
    const rows = this.#database
      .prepare(`SELECT ${ROW} FROM subjects WHERE due <= ? ORDER BY due, number LIMIT ?`)
      .all(time, limit);
    return rows.map((row) => rowOf(row as unknown as SubjectRow));
  }

  async counts(): Promise<Counts> {
    const all = (sql: string): unknown =>
      this.#database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    return {
      states: all(
        'SELECT kind, state, count(*) AS count FROM subjects GROUP BY kind, state ORDER BY kind, state',
      ) as Counts['states'],
      refusals: all('SELECT reason, count FROM refusals ORDER BY reason') as Counts['refusals'],
    };
  }

  async addArtifact({ target, name, digest, file, size, at }: Artifact): Promise<void> {
    this.#database
      .prepare(
        'INSERT INTO artifacts (target, name, digest, file, size, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      )
      .run(target, name, digest, file, size, at);
  }

  async artifactsNamed(name: string): Promise<readonly Artifact[]> {
    const rows = this.#database
      .prepare(
        'SELECT target, name, digest, file, size, at FROM artifacts WHERE name = ? ORDER BY number',
      )
      .all(name);
    return rows.map((row) => ({ ...row }) as unknown as Artifact);
  }

  async artifactNames(limit: number): Promise<readonly string[]> {
    const rows = this.#database
      .prepare('SELECT DISTINCT name FROM artifacts ORDER BY name LIMIT ?')
      .all(limit);
    return rows.map((row) => row['name'] as string);
  }

  close(): void {
    this.#database.close();
  }

  #end(): ChainEnd {
    const row = this.#database
      .prepare('SELECT bytes FROM events ORDER BY number DESC LIMIT 1')
      .get();
    if (row === undefined) return CHAIN_START;
    const event = eventOf(row);
    return { number: event.number, at: event.at, digest: eventDigest(event) };
  }

  #write(end: ChainEnd, { subject, version, at, act, summary }: NewEvent): DocketEvent {
    const row = this.#database
      .prepare('SELECT max(version) AS last FROM events WHERE subject = ?')
      .get(subject) as { last: number | null };
    if ((row.last ?? 0) + 1 !== version) {
      throw new Refused(
        'docket.conflict',
        undefined,
        `${subject} has moved on: it has ${row.last ?? 0} events, not ${version - 1}`,
      );
    }
    const event = linked(end, act, subject, version, at);
    this.#database
      .prepare('INSERT INTO events (number, subject, version, bytes) VALUES (?, ?, ?, ?)')
      .run(event.number, subject, version, eventBytes(event));
    this.#database
      .prepare(`INSERT OR REPLACE INTO subjects (${ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(
        summary.kind,
        numberOf(subject),
        summary.state,
        summary.target,
        summary.said,
        summary.fingerprint ?? null,
        event.at,
        summary.due ?? null,
      );
    this.#countRefusals(event);
    return event;
  }

  #countRefusals(event: DocketEvent): void {
    const count = this.#database.prepare(
      'INSERT INTO refusals (reason, count) VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1',
    );
    for (const reason of refusalsIn(event)) count.run(reason);
  }
}

function rowOf({ kind, number, fingerprint, due, ...rest }: SubjectRow): Row {
  return {
    subject: `${kind}-${number}`,
    kind,
    ...rest,
    ...(fingerprint === null ? {} : { fingerprint: fingerprint as `sha256:${string}` }),
    ...(due === null ? {} : { due }),
  };
}
