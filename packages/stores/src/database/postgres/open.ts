import { Refused } from '@avow/bytes';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool } from 'pg';
import type { Database, DatabaseOptions, TransactionOptions } from '../database.ts';
import { RecoveringClient } from './client.ts';
import { Listener } from './listener.ts';
import { isLost, isMet } from './trouble.ts';
import { ROW_TYPES } from './types.ts';

const MAX_CONNECTIONS = 10;
const STATEMENT_MS = 30_000;
/** A transaction whose process was stopped must not hold its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** How long one attempt at a connection may take; there are several. */
const ATTEMPT_MS = 5_000;
/** Transactions that meet again and again are told so. */
const MAX_ATTEMPTS = 20;

/** Many servers and workers on one PostgreSQL, 15 or later. */
export function openPostgres(
  url: string,
  { maxConnections = MAX_CONNECTIONS, statementMs = STATEMENT_MS }: DatabaseOptions,
): Database {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'avow',
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: ATTEMPT_MS,
    types: ROW_TYPES as never,
  });
  // A broken connection is met by the next who uses it; unheard, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const listener = new Listener(url);
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: {
        connect: () => RecoveringClient.connect(pool),
        end: () => pool.end(),
        options: pool.options,
      },
    }),
  });
  return {
    dialect: 'postgres',
    tables: <Tables>() => kysely as Kysely<Tables>,
    transaction: (work, options) => inTransaction(kysely, work, options),
    listen: (channel, wake) => listener.listen(channel, wake),
    notify: async (channel, tables = kysely) => {
      await sql`SELECT pg_notify(${channel}, '')`.execute(tables);
    },
    health: async () => {
      const version = sql<string>`current_setting('server_version')`.as('version');
      return `PostgreSQL ${(await kysely.selectNoFrom(version).executeTakeFirstOrThrow()).version}`;
    },
    close: async () => {
      await listener.stop();
      await kysely.destroy();
      if (!pool.ended) await pool.end();
    },
  };
}

async function inTransaction<Tables, Result>(
  kysely: Kysely<unknown>,
  work: (tables: Transaction<Tables>) => Promise<Result>,
  { isReadOnly = false, isolation = 'serializable' }: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await kysely
        .transaction()
        // A reader sees one moment in both; as a serializable one it could be turned back.
        .setIsolationLevel(isReadOnly ? 'repeatable read' : isolation)
        .setAccessMode(isReadOnly ? 'read only' : 'read write')
        .execute((tables) => work(tables as unknown as Transaction<Tables>));
    } catch (error) {
      if (!isMet(error) && !isLost(error)) throw error;
      if (attempt === MAX_ATTEMPTS) throw told(error);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * attempt));
    }
  }
}

function told(error: unknown): unknown {
  const { message } = error as Error;
  return isMet(error)
    ? new Refused(
        'database.busy',
        undefined,
        `it met other transactions ${MAX_ATTEMPTS} times: ${message}`,
      )
    : new Refused(
        'database.unreachable',
        undefined,
        `cut off ${MAX_ATTEMPTS} times, not written: ${message}`,
      );
}
