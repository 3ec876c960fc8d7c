import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../database/index.ts';
import { type ListOptions, seen } from './conditions.ts';
import type { CatalogueTables } from './schema.ts';

/** Reads database updates one by one, and their records in the order by which two updates are compared. */
export class UpdateLists {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async update(number: number) {
    return this.#tables
      .selectFrom('updates')
      .innerJoin('releases', 'releases.examination', 'updates.examination')
      .selectAll('updates')
      .select([
        'releases.number as release',
        'releases.target as target',
        'releases.product as product',
        'releases.version as version',
      ])
      .where('updates.number', '=', number)
      .executeTakeFirst();
  }

  /** The same database in other releases of its product, the last to come here first. */
  async updatesBeside(
    { product, release, path }: { product: number; release: number; path: string },
    { viewer, limit }: ListOptions,
  ) {
    return this.#tables
      .selectFrom('updates')
      .innerJoin('releases', 'releases.examination', 'updates.examination')
      .selectAll('updates')
      .select([
        'releases.number as release',
        'releases.target as target',
        'releases.version as version',
      ])
      .where(seen(viewer))
      .where('releases.product', '=', product)
      .where('releases.number', '!=', release)
      .where('updates.path', '=', path)
      .orderBy('releases.number', 'desc')
      .limit(limit)
      .execute();
  }

  /** Records of an update by their ids, from behind one on: what two updates are compared by. */
  async recordsById(
    update: number,
    after: { readonly id: string; readonly number: number } | undefined,
    limit: number,
  ) {
    let query = this.#tables
      .selectFrom('records')
      .select(['number', 'id', 'digest'])
      .where('update_of', '=', update);
    if (after !== undefined) {
      query = query.where(sql<SqlBool>`(id, number) > (${after.id}, ${after.number})`);
    }
    return query.orderBy('id').orderBy('number').limit(limit).execute();
  }

  /** Those of these numbers that are there, in no order. */
  async recordsNumbered(numbers: readonly number[]) {
    if (numbers.length === 0) return [];
    return this.#tables
      .selectFrom('records')
      .innerJoin('updates', 'updates.number', 'records.update_of')
      .innerJoin('releases', 'releases.examination', 'updates.examination')
      .selectAll('records')
      .select([
        'releases.number as release',
        'releases.target as target',
        'updates.format as format',
      ])
      .where('records.number', 'in', numbers)
      .execute();
  }

  get #tables(): Kysely<CatalogueTables> {
    return this.#database.tables<CatalogueTables>();
  }
}
