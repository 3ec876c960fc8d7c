import type { Digest } from '@avow/bytes';
import type { Kysely } from 'kysely';
import { type Database, migrate, SearchIndex } from '../database/index.ts';
import { CATALOGUE_STEPS, type CatalogueTables, FEATURE_WORDS, RECORD_WORDS } from './schema.ts';

/** A release as it was handed in or fetched, before anyone looked into it. */
export interface NewRelease {
  /** What its releases have in common: `npm/axios`. */
  readonly name: string;
  readonly target: string;
  readonly version: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifact?: Digest;
  readonly file?: string;
  readonly isPublic: boolean;
  readonly owner?: string;
  readonly at: string;
}

/** An examination on its way in: part by part, seen by nobody before `finish`. */
export interface NewExamination {
  readonly release: number;
  readonly document: Digest;
  readonly engine: { readonly version: string; readonly digest: Digest };
  readonly rules: { readonly update: number; readonly digest: Digest };
  readonly answer: string;
  /** JSON. */
  readonly coverage: string;
  readonly declaration?: Digest;
  readonly counts: {
    readonly modules: number;
    readonly features: number;
    readonly flows: number;
    readonly findings: number;
    readonly unknowns: number;
  };
  readonly at: string;
}

type Of<Table extends keyof CatalogueTables> = Omit<
  CatalogueTables[Table],
  'number' | 'examination' | 'update_of' | 'release'
>;
export type NewModule = Of<'modules'>;
export type NewMember = Omit<Of<'members'>, 'name'>;
export type NewFeature = Of<'features'>;
export type NewFlow = Of<'flows'>;
export type NewFinding = Of<'findings'>;
export type NewUpdate = Of<'updates'>;
export type NewRecord = Of<'records'>;

/** Rows put in one transaction: others who write wait no longer than for these. */
const CHUNK = 500;

/** Writes what examinations found. */
export class Catalogue {
  readonly database: Database;
  readonly #features: SearchIndex;
  readonly #records: SearchIndex;

  private constructor(database: Database) {
    this.database = database;
    this.#features = new SearchIndex(FEATURE_WORDS, database.dialect);
    this.#records = new SearchIndex(RECORD_WORDS, database.dialect);
  }

  static async open(database: Database): Promise<Catalogue> {
    await migrate(database, 'catalogue', CATALOGUE_STEPS);
    return new Catalogue(database);
  }

  /** The release's number; the same bytes under the same name are the same release. */
  async addRelease(release: NewRelease): Promise<number> {
    return this.database.transaction<CatalogueTables, number>(async (tables) => {
      const product = await productOf(tables, release.name, release.at);
      const known = await tables
        .selectFrom('releases')
        .select(['number', 'is_public'])
        .where('target', '=', release.target)
        .where('digest', '=', release.digest)
        .executeTakeFirst();
      if (known !== undefined) {
        // What one person keeps to themselves, another may show.
        if (release.isPublic && known.is_public === 0) {
          await tables
            .updateTable('releases')
            .set({ is_public: 1 })
            .where('number', '=', known.number)
            .execute();
        }
        return known.number;
      }
      const { number } = await tables
        .insertInto('releases')
        .values({
          product,
          target: release.target,
          version: release.version,
          digest: release.digest,
          size: release.size,
          artifact: release.artifact ?? null,
          file: release.file ?? null,
          at: release.at,
          is_public: release.isPublic ? 1 : 0,
          owner: release.owner ?? null,
          state: 'waiting',
          why: null,
          examination: null,
        })
        .returning('number')
        .executeTakeFirstOrThrow();
      return number;
    });
  }

  async beginExamination(one: NewExamination): Promise<number> {
    const { number } = await this.#tables
      .insertInto('examinations')
      .values({
        release: one.release,
        document: one.document,
        engine: one.engine.digest,
        engine_version: one.engine.version,
        rules: one.rules.digest,
        rules_update: one.rules.update,
        answer: one.answer,
        coverage: one.coverage,
        declaration: one.declaration ?? null,
        ...one.counts,
        at: one.at,
      })
      .returning('number')
      .executeTakeFirstOrThrow();
    return number;
  }

  /** Makes the examination the one that counts, and clears those before it away. */
  async finish(release: number, examination: number): Promise<void> {
    await this.#tables
      .updateTable('releases')
      .set({ state: 'examined', why: null, examination })
      .where('number', '=', release)
      .execute();
    const old = await this.#tables
      .selectFrom('examinations')
      .select('number')
      .where('release', '=', release)
      .where('number', '<', examination)
      .execute();
    for (const { number } of old) await this.#forget(number);
  }

  async putModules(examination: number, all: readonly NewModule[]): Promise<void> {
    await this.#put(all, (tables, chunk) =>
      tables
        .insertInto('modules')
        .values(chunk.map((one) => ({ ...one, examination })))
        .execute(),
    );
  }

  async putMembers(release: number, all: readonly NewMember[]): Promise<void> {
    await this.#put(all, (tables, chunk) =>
      tables
        .insertInto('members')
        .values(chunk.map((one) => ({ ...one, release, name: fileName(one.path) })))
        .onConflict((conflict) => conflict.columns(['release', 'path']).doNothing())
        .execute(),
    );
  }

  async putFeatures(examination: number, all: readonly NewFeature[]): Promise<void> {
    await this.#put(all, async (tables, chunk) => {
      const rows = await tables
        .insertInto('features')
        .values(chunk.map((one) => ({ ...one, examination })))
        .returning(['number', 'feature', 'recipient', 'evidence', 'locator'])
        .execute();
      const texts = rows.map(({ number, feature, recipient, evidence, locator }) => ({
        key: String(number),
        text: [feature, recipient ?? '', evidence, locator].join(' '),
      }));
      await this.#features.put(tables, texts);
    });
  }

  async putFlows(examination: number, all: readonly NewFlow[]): Promise<void> {
    await this.#put(all, (tables, chunk) =>
      tables
        .insertInto('flows')
        .values(chunk.map((one) => ({ ...one, examination })))
        .execute(),
    );
  }

  async putFindings(examination: number, all: readonly NewFinding[]): Promise<void> {
    await this.#put(all, (tables, chunk) =>
      tables
        .insertInto('findings')
        .values(chunk.map((one) => ({ ...one, examination })))
        .execute(),
    );
  }

  async addUpdate(examination: number, update: NewUpdate): Promise<number> {
    const { number } = await this.#tables
      .insertInto('updates')
      .values({ ...update, examination })
      .returning('number')
      .executeTakeFirstOrThrow();
    return number;
  }

  async putRecords(update: number, all: readonly NewRecord[]): Promise<void> {
    await this.#put(all, async (tables, chunk) => {
      const rows = await tables
        .insertInto('records')
        .values(chunk.map((one) => ({ ...one, update_of: update })))
        .returning(['number', 'id', 'text'])
        .execute();
      await this.#records.put(
        tables,
        rows.map(({ number, id, text }) => ({ key: String(number), text: `${id} ${text}` })),
      );
    });
  }

  async addMaker(id: string, name: string, at: string): Promise<void> {
    await this.#tables
      .insertInto('makers')
      .values({ id, name, at })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
      .execute();
  }

  async setMaker(product: number, maker: string | null): Promise<void> {
    await this.#tables
      .updateTable('products')
      .set({ maker })
      .where('number', '=', product)
      .execute();
  }

  async addDeclaration(one: Omit<CatalogueTables['declarations'], 'number'>): Promise<void> {
    await this.#tables
      .insertInto('declarations')
      .values(one)
      .onConflict((conflict) => conflict.columns(['product', 'digest']).doNothing())
      .execute();
  }

  get #tables(): Kysely<CatalogueTables> {
    return this.database.tables<CatalogueTables>();
  }

  async #put<Row>(
    all: readonly Row[],
    write: (tables: Kysely<CatalogueTables>, chunk: readonly Row[]) => Promise<unknown>,
  ): Promise<void> {
    for (let from = 0; from < all.length; from += CHUNK) {
      const chunk = all.slice(from, from + CHUNK);
      await this.database.transaction<CatalogueTables, void>(async (tables) => {
        await write(tables, chunk);
      });
    }
  }

  /** Rows of an examination that counts no more, some at a time. */
  async #forget(examination: number): Promise<void> {
    for (;;) {
      const rows = await this.#tables
        .selectFrom('features')
        .select('number')
        .where('examination', '=', examination)
        .limit(CHUNK)
        .execute();
      if (rows.length === 0) break;
      const numbers = rows.map(({ number }) => number);
      await this.database.transaction<CatalogueTables, void>(async (tables) => {
        await this.#features.remove(tables, numbers.map(String));
        await tables.deleteFrom('features').where('number', 'in', numbers).execute();
      });
    }
    const updates = this.#tables
      .selectFrom('updates')
      .select('number')
      .where('examination', '=', examination);
    for (;;) {
      const rows = await this.#tables
        .selectFrom('records')
        .select('number')
        .where('update_of', 'in', updates)
        .limit(CHUNK)
        .execute();
      if (rows.length === 0) break;
      const numbers = rows.map(({ number }) => number);
      await this.database.transaction<CatalogueTables, void>(async (tables) => {
        await this.#records.remove(tables, numbers.map(String));
        await tables.deleteFrom('records').where('number', 'in', numbers).execute();
      });
    }
    for (const table of ['modules', 'flows', 'findings', 'updates'] as const) {
      await this.#tables.deleteFrom(table).where('examination', '=', examination).execute();
    }
    await this.#tables.deleteFrom('examinations').where('number', '=', examination).execute();
  }
}

/** What stands behind the last slash. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

async function productOf(
  tables: Kysely<CatalogueTables>,
  name: string,
  at: string,
): Promise<number> {
  await tables
    .insertInto('products')
    .values({ name, maker: null, at })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { number } = await tables
    .selectFrom('products')
    .select('number')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return number;
}
