import type { Digest } from '@avow/bytes';
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { type Database, migrate } from '../database/index.ts';
import { UPLOAD_STEPS, type UploadRow, type UploadState, type UploadTables } from './schema.ts';

export type NewUpload = Pick<
  UploadRow,
  'id' | 'owner' | 'file' | 'size' | 'expected' | 'is_public' | 'created'
>;

/** How much someone hands in. */
export interface UploadUse {
  readonly open: number;
  readonly bytes: number;
}

/** Uploads under way and done; their bytes are files and objects. */
export class Uploads {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<Uploads> {
    await migrate(database, 'uploads', UPLOAD_STEPS);
    return new Uploads(database);
  }

  async create(upload: NewUpload): Promise<void> {
    await this.#tables
      .insertInto('uploads')
      .values({
        ...upload,
        at_offset: 0,
        state: 'open',
        digest: null,
        job: null,
        release: null,
        why: null,
      })
      .execute();
  }

  async read(id: string): Promise<UploadRow | undefined> {
    return this.#tables.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** False when the upload is elsewhere by now: another writer was first. */
  async advance(id: string, from: number, to: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('uploads')
      .set({ at_offset: to })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .where('at_offset', '=', from)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** `enqueue` is given the same transaction: an upload that is whole has its job, and a job its upload. */
  async complete(
    id: string,
    digest: Digest,
    enqueue: (tables: QueryExecutorProvider) => Promise<string>,
  ): Promise<void> {
    await this.#database.transaction<UploadTables, void>(async (tables) => {
      const job = await enqueue(tables);
      const values = { state: 'complete' as const, digest, job };
      await tables.updateTable('uploads').set(values).where('id', '=', id).execute();
    });
  }

  async examined(id: string, release: number): Promise<void> {
    await this.#set(id, { state: 'examined', release, why: null });
  }

  async refuse(id: string, why: string): Promise<void> {
    await this.#set(id, { state: 'refused', why });
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('uploads').where('id', '=', id).execute();
  }

  /** What an account has open, and how many bytes it began to hand in since then. */
  async useOf(owner: string, since: number): Promise<UploadUse> {
    const row = await this.#tables
      .selectFrom('uploads')
      .select([
        sql<number>`coalesce(sum(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0)`.as('open'),
        sql<number>`coalesce(sum(CASE WHEN created >= ${since} THEN size ELSE 0 END), 0)`.as(
          'bytes',
        ),
      ])
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow();
    return { open: Number(row.open), bytes: Number(row.bytes) };
  }

  /** All that an account handed in. */
  async of(owner: string): Promise<readonly UploadRow[]> {
    const all = this.#tables.selectFrom('uploads').selectAll().where('owner', '=', owner);
    return all.orderBy('created').orderBy('id').execute();
  }

  /** Left lying: begun before then and never finished. */
  async abandoned(before: number, limit: number): Promise<readonly UploadRow[]> {
    return this.#tables
      .selectFrom('uploads')
      .selectAll()
      .where('state', '=', 'open')
      .where('created', '<', before)
      .limit(limit)
      .execute();
  }

  async #set(
    id: string,
    values: { state: UploadState } & Partial<Pick<UploadRow, 'digest' | 'job' | 'release' | 'why'>>,
  ): Promise<void> {
    await this.#tables.updateTable('uploads').set(values).where('id', '=', id).execute();
  }

  get #tables(): Kysely<UploadTables> {
    return this.#database.tables<UploadTables>();
  }
}
