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
import { type Kysely, sql } from 'kysely';
import { type Database, migrate } from '../database/index.ts';
import { eventOf } from './rows.ts';
import { DOCKET_STEPS, type DocketTables, type SubjectRow } from './tables-schema.ts';

/** Events read at once when the whole chain is walked. */
const CHUNK = 1_000;

/**
 * A docket among the other tables of a database, SQLite's or PostgreSQL's: what
 * `DocketDatabase` is for a folder of its own.
 *
 * Refuses `database.newer`.
 */
export class DocketInDatabase implements DocketStore, ArtifactStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<DocketInDatabase> {
    await migrate(database, 'docket', DOCKET_STEPS);
    return new DocketInDatabase(database);
  }

  append(events: readonly NewEvent[]): Promise<readonly DocketEvent[]> {
    return this.#database.transaction<DocketTables, readonly DocketEvent[]>(
      async (tables) => {
        // One chain: whoever appends is alone, and reads go on.
        if (this.#database.dialect === 'postgres') {
          await sql`LOCK TABLE docket_events IN EXCLUSIVE MODE`.execute(tables);
        }
        let end = await endOf(tables);
        const written: DocketEvent[] = [];
        for (const one of events) {
          const event = await write(tables, end, one);
          end = { number: event.number, at: event.at, digest: eventDigest(event) };
          written.push(event);
        }
        return written;
      },
      { isolation: 'read committed' },
    );
  }

  async eventsOf(subject: Subject): Promise<readonly DocketEvent[]> {
    const rows = await this.#tables
      .selectFrom('docket_events')
      .select('bytes')
      .where('subject', '=', subject)
      .orderBy('version')
      .execute();
    return rows.map(eventOf);
  }

  async *events(): AsyncGenerator<DocketEvent> {
    for (let last = 0; ; ) {
      const rows = await this.#tables
        .selectFrom('docket_events')
        .select('bytes')
        .where('number', '>', last)
        .orderBy('number')
        .limit(CHUNK)
        .execute();
      for (const row of rows) {
        const event = eventOf(row);
        last = event.number;
        yield event;
      }
      if (rows.length < CHUNK) return;
    }
  }

  end(): Promise<ChainEnd> {
    return endOf(this.#tables);
  }

  async nextNumber(kind: Row['kind']): Promise<number> {
    const { last } = await this.#tables
      .selectFrom('docket_subjects')
      .select((e) => e.fn.max('number').as('last'))
      .where('kind', '=', kind)
      .executeTakeFirstOrThrow();
    return (last ?? 0) + 1;
  }

  async list({ kind, state, target, fingerprint, after, limit }: ListQuery): Promise<Row[]> {
    let query = this.#subjects.where('kind', '=', kind);
    if (state !== undefined) query = query.where('state', '=', state);
    if (target !== undefined) query = query.where('target', '=', target);
    if (fingerprint !== undefined) query = query.where('fingerprint', '=', fingerprint);
    if (after !== undefined) query = query.where('number', '<', numberOf(after));
    return (await query.orderBy('number', 'desc').limit(limit).execute()).map(rowOf);
  }

  async due(time: number, limit: number): Promise<readonly Row[]> {
    const rows = await this.#subjects
      .where('due', '<=', time)
      .orderBy('due')
      .orderBy('number')
      .limit(limit)
      .execute();
    return rows.map(rowOf);
  }

  async counts(): Promise<Counts> {
    const states = await this.#tables
      .selectFrom('docket_subjects')
      .select((e) => ['kind', 'state', e.fn.countAll<number>().as('count')])
      .groupBy(['kind', 'state'])
      .orderBy('kind')
      .orderBy('state')
      .execute();
    const refusals = await this.#tables
      .selectFrom('docket_refusals')
      .select(['reason', 'count'])
      .orderBy('reason')
      .execute();
    return { states, refusals };
  }

  async addArtifact({ target, name, digest, file, size, at }: Artifact): Promise<void> {
    await this.#tables
      .insertInto('docket_artifacts')
      .values({ target, name, digest, file, size, at })
      .onConflict((conflict) => conflict.columns(['target', 'digest']).doNothing())
      .execute();
  }

  async artifactsNamed(name: string): Promise<readonly Artifact[]> {
    return this.#tables
      .selectFrom('docket_artifacts')
      .select(['target', 'name', 'digest', 'file', 'size', 'at'])
      .where('name', '=', name)
      .orderBy('number')
      .execute();
  }

  async artifactNames(limit: number): Promise<readonly string[]> {
    const rows = await this.#tables
      .selectFrom('docket_artifacts')
      .select('name')
      .distinct()
      .orderBy('name')
      .limit(limit)
      .execute();
    return rows.map(({ name }) => name);
  }

  get #tables(): Kysely<DocketTables> {
    return this.#database.tables<DocketTables>();
  }

  get #subjects() {
    return this.#tables.selectFrom('docket_subjects').selectAll();
  }
}

async function endOf(tables: Kysely<DocketTables>): Promise<ChainEnd> {
  const row = await tables
    .selectFrom('docket_events')
    .select('bytes')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return CHAIN_START;
  const event = eventOf(row);
  return { number: event.number, at: event.at, digest: eventDigest(event) };
}

async function write(
  tables: Kysely<DocketTables>,
  end: ChainEnd,
  { subject, version, at, act, summary }: NewEvent,
): Promise<DocketEvent> {
  const { last } = await tables
    .selectFrom('docket_events')
    .select((e) => e.fn.max('version').as('last'))
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  if ((last ?? 0) + 1 !== version) {
    throw new Refused(
      'docket.conflict',
      undefined,
      `${subject} has moved on: it has ${last ?? 0} events, not ${version - 1}`,
    );
  }
  const event = linked(end, act, subject, version, at);
  const { number } = event;
  await tables
    .insertInto('docket_events')
    .values({ number, subject, version, bytes: eventBytes(event) })
    .execute();
  const { kind, state, target, said, fingerprint = null, due = null } = summary;
  const row = { state, target, said, fingerprint, updated: event.at, due };
  await tables
    .insertInto('docket_subjects')
    .values({ kind, number: numberOf(subject), ...row })
    .onConflict((conflict) => conflict.columns(['kind', 'number']).doUpdateSet(row))
    .execute();
  await countRefusals(tables, event);
  return event;
}

async function countRefusals(tables: Kysely<DocketTables>, event: DocketEvent): Promise<void> {
  for (const reason of refusalsIn(event)) {
    await tables
      .insertInto('docket_refusals')
      .values({ reason, count: 1 })
      .onConflict((conflict) =>
        conflict.column('reason').doUpdateSet({ count: sql`docket_refusals.count + 1` }),
      )
      .execute();
  }
}

function rowOf({ kind, number, fingerprint, due, ...rest }: SubjectRow): Row {
  return {
    subject: `${kind}-${number}`,
    kind,
    ...rest,
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(due === null ? {} : { due }),
  };
}
