import { Refused } from '@avow/bytes';
import type { PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { boundValues } from '../value.ts';
import { CONNECT_MS, isFull, isLost, isNotYet } from './trouble.ts';

const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;

/**
 * A connection, once the server has one to give: it may just be starting again.
 * Refuses `database.unreachable` after `CONNECT_MS`.
 */
async function connected(pool: Pool): Promise<PoolClient> {
  const end = performance.now() + CONNECT_MS;
  for (let pause = MIN_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isNotYet(error)) throw error;
      if (performance.now() > end) {
        throw new Refused(
          'database.unreachable',
          undefined,
          `no connection in ${CONNECT_MS / 1000} s: ${(error as Error).message}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * A pooled connection as kysely uses it. What only reads, or only begins, and
 * finds the connection broken is asked once more on a new one; a write cannot
 * be, for it may have happened.
 */
export class RecoveringClient implements PostgresPoolClient {
  readonly #pool: Pool;
  #client: PoolClient;
  #isInTransaction = false;

  private constructor(pool: Pool, client: PoolClient) {
    this.#pool = pool;
    this.#client = client;
  }

  static async connect(pool: Pool): Promise<RecoveringClient> {
    return new RecoveringClient(pool, await connected(pool));
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query(cursor: never): never;
  async query<Row>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> {
    const values = boundValues(parameters);
    const isBeginning = /^(?:begin|start transaction)/.test(sql);
    const mayAskAgain = !this.#isInTransaction && (isBeginning || sql.startsWith('select '));
    try {
      return await this.#ask(sql, values, isBeginning);
    } catch (error) {
      if (!isLost(error) || !mayAskAgain) throw this.#told(error, sql);
    }
    this.#client.release(true);
    this.#client = await connected(this.#pool);
    try {
      return await this.#ask(sql, values, isBeginning);
    } catch (error) {
      throw this.#told(error, sql);
    }
  }

  release(isBroken?: boolean): void {
    this.#client.release(isBroken);
  }

  async #ask<Row>(
    sql: string,
    values: unknown[],
    isBeginning: boolean,
  ): Promise<PostgresQueryResult<Row>> {
    const result = await this.#client.query(sql, values);
    // pg gives a list when a text has several statements.
    if (Array.isArray(result)) return { command: 'SELECT', rowCount: 0, rows: rowsOf(result) };
    if (isBeginning) this.#isInTransaction = true;
    else if (sql === 'commit' || sql === 'rollback') this.#isInTransaction = false;
    return result as unknown as PostgresQueryResult<Row>;
  }

  /** Before its commit a transaction that is cut off has not happened, and is begun again. */
  #told(error: unknown, sql: string): unknown {
    if (isFull(error)) {
      return new Refused('storage.full', undefined, "the database server's disk is full");
    }
    if (!isLost(error) || (this.#isInTransaction && sql !== 'commit')) return error;
    return new Refused(
      'database.lost',
      undefined,
      `the connection broke at ${sql.split(' ', 1)[0]}: ${(error as Error).message}`,
    );
  }
}

function rowsOf<Row>(results: readonly { readonly rows: readonly Row[] }[]): Row[] {
  return results.flatMap(({ rows }) => rows);
}
