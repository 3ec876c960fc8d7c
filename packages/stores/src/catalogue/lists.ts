import { type Kysely, type SqlBool, sql } from 'kysely';
import { type Database, readPage, SearchIndex } from '../database/index.ts';
import {
  containsText,
  isInModule,
  isWordOrBelow,
  type ListOptions,
  seen,
  wordsIn,
} from './conditions.ts';
import { type CatalogueTables, FEATURE_WORDS, RECORD_WORDS } from './schema.ts';
import { UpdateLists } from './update-lists.ts';

export interface FeatureFilter {
  /** `net.http`, or `net.*`. */
  readonly feature?: string | undefined;
  readonly recipient?: string | undefined;
  readonly release?: number | undefined;
  readonly product?: number | undefined;
  readonly id?: string | undefined;
  /** Path of a file, as a locator writes it: of those alone. */
  readonly module?: string | undefined;
  /** Words that its evidence, recipient or locator has. */
  readonly q?: string | undefined;
}

export interface ReleaseFilter {
  /** `npm/axios`. */
  readonly name?: string | undefined;
  readonly product?: number | undefined;
  readonly target?: string | undefined;
  readonly digest?: string | undefined;
  readonly state?: string | undefined;
  readonly answer?: string | undefined;
}

const BY_NUMBER = (table: string, direction: 'asc' | 'desc' = 'asc') => ({
  keys: [{ name: 'number', column: `${table}.number`, type: 'integer' as const }],
  direction,
});

/** Reads what examinations found. A row is seen where its release is, and only of the examination that counts. */
export class CatalogueLists {
  /** Updates one by one, and what tells them apart. */
  readonly updated: UpdateLists;
  readonly #database: Database;
  readonly #features: SearchIndex;
  readonly #records: SearchIndex;

  constructor(database: Database) {
    this.updated = new UpdateLists(database);
    this.#database = database;
    this.#features = new SearchIndex(FEATURE_WORDS, database.dialect);
    this.#records = new SearchIndex(RECORD_WORDS, database.dialect);
  }

  async makers({ after, limit }: Omit<ListOptions, 'viewer'>) {
    const keys = [{ name: 'id', type: 'text' as const }];
    return readPage(this.#tables.selectFrom('makers').selectAll(), { keys, after, limit });
  }

  async products(
    filter: { readonly q?: string | undefined; readonly maker?: string | undefined },
    { viewer, after, limit }: ListOptions,
  ) {
    let query = this.#tables
      .selectFrom('products')
      .selectAll()
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('releases')
            .select('releases.number')
            .whereRef('releases.product', '=', 'products.number')
            .where(seen(viewer)),
        ),
      );
    if (filter.maker !== undefined) query = query.where('maker', '=', filter.maker);
    if (filter.q !== undefined) query = query.where(containsText('name', filter.q));
    return readPage(query, { ...BY_NUMBER('products'), after, limit });
  }

  async product(number: number) {
    const query = this.#tables.selectFrom('products').selectAll().where('number', '=', number);
    return query.executeTakeFirst();
  }

  async releases(filter: ReleaseFilter, { viewer, after, limit }: ListOptions) {
    let query = this.#releases().where(seen(viewer));
    if (filter.product !== undefined) query = query.where('releases.product', '=', filter.product);
    if (filter.name !== undefined) query = query.where('products.name', '=', filter.name);
    if (filter.target !== undefined) query = query.where('releases.target', '=', filter.target);
    if (filter.digest !== undefined) query = query.where('releases.digest', '=', filter.digest);
    if (filter.state !== undefined) {
      query = query.where('releases.state', '=', filter.state as 'examined');
    }
    if (filter.answer !== undefined) query = query.where('answer', '=', filter.answer);
    return readPage(query, { ...BY_NUMBER('releases', 'desc'), after, limit });
  }

  async release(number: number) {
    return this.#releases().where('releases.number', '=', number).executeTakeFirst();
  }

  async modules(release: number, { after, limit }: Omit<ListOptions, 'viewer'>) {
    const query = this.#tables
      .selectFrom('modules')
      .innerJoin('releases', 'releases.examination', 'modules.examination')
      .selectAll('modules')
      .where('releases.number', '=', release);
    const keys = [{ name: 'path', column: 'modules.path', type: 'text' as const }];
    return readPage(query, { keys, after, limit });
  }

  async members(release: number, { after, limit }: Omit<ListOptions, 'viewer'>) {
    const query = this.#tables.selectFrom('members').selectAll().where('release', '=', release);
    return readPage(query, { keys: [{ name: 'path', type: 'text' }], after, limit });
  }

  /** Files with this name, in lower case; where it has no dot, with any ending: debuggers leave it out. */
  async filesNamed(name: string, { viewer, limit }: ListOptions) {
    const isWhole = name.includes('.');
    return this.#tables
      .selectFrom('members')
      .innerJoin('releases', 'releases.number', 'members.release')
      .selectAll('members')
      .select('releases.target as target')
      .where(seen(viewer))
      .where(
        isWhole
          ? sql<SqlBool>`members.name = ${name}`
          : sql<SqlBool>`(members.name = ${name} OR (members.name >= ${`${name}.`} AND members.name < ${`${name}/`}))`,
      )
      .orderBy('members.release', 'desc')
      .orderBy('members.path')
      .limit(limit)
      .execute();
  }

  async member(release: number, path: string) {
    return this.#tables
      .selectFrom('members')
      .selectAll()
      .where('release', '=', release)
      .where('path', '=', path)
      .executeTakeFirst();
  }

  async features(filter: FeatureFilter, { viewer, after, limit }: ListOptions) {
    let query = this.#tables
      .selectFrom('features')
      .innerJoin('releases', 'releases.examination', 'features.examination')
      .selectAll('features')
      .select(['releases.number as release', 'releases.target as target'])
      .where(seen(viewer));
    if (filter.feature !== undefined) {
      query = query.where(isWordOrBelow('features.feature', filter.feature));
    }
    if (filter.recipient !== undefined) {
      query = query.where('features.recipient', '=', filter.recipient);
    }
    if (filter.release !== undefined) query = query.where('releases.number', '=', filter.release);
    if (filter.product !== undefined) query = query.where('releases.product', '=', filter.product);
    if (filter.id !== undefined) query = query.where('features.id', '=', filter.id);
    if (filter.module !== undefined) query = query.where(isInModule(filter.module));
    if (filter.q !== undefined) {
      query = query.where(wordsIn(this.#features, FEATURE_WORDS, 'features.number', filter.q));
    }
    return readPage(query, { ...BY_NUMBER('features'), after, limit });
  }

  async flows(
    filter: {
      readonly source?: string | undefined;
      readonly destination?: string | undefined;
      readonly recipient?: string | undefined;
      readonly release?: number | undefined;
      readonly product?: number | undefined;
    },
    { viewer, after, limit }: ListOptions,
  ) {
    let query = this.#tables
      .selectFrom('flows')
      .innerJoin('releases', 'releases.examination', 'flows.examination')
      .selectAll('flows')
      .select(['releases.number as release', 'releases.target as target'])
      .where(seen(viewer));
    const { source, destination, recipient, release, product } = filter;
    if (source !== undefined) query = query.where(isWordOrBelow('flows.source', source));
    if (destination !== undefined) {
      query = query.where(isWordOrBelow('flows.destination', destination));
    }
    if (recipient !== undefined) query = query.where('flows.recipient', '=', recipient);
    if (release !== undefined) query = query.where('releases.number', '=', release);
    if (product !== undefined) query = query.where('releases.product', '=', product);
    return readPage(query, { ...BY_NUMBER('flows'), after, limit });
  }

  async findings(
    filter: {
      readonly rank?: string | undefined;
      readonly kind?: string | undefined;
      readonly release?: number | undefined;
      readonly product?: number | undefined;
    },
    { viewer, after, limit }: ListOptions,
  ) {
    let query = this.#tables
      .selectFrom('findings')
      .innerJoin('releases', 'releases.examination', 'findings.examination')
      .selectAll('findings')
      .select(['releases.number as release', 'releases.target as target'])
      .where(seen(viewer));
    const { rank, kind, release, product } = filter;
    if (rank !== undefined) query = query.where('rank', '=', rank);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (release !== undefined) query = query.where('releases.number', '=', release);
    if (product !== undefined) query = query.where('releases.product', '=', product);
    return readPage(query, { ...BY_NUMBER('findings'), after, limit });
  }

  async updates(
    filter: { readonly format?: string | undefined; readonly release?: number | undefined },
    { viewer, after, limit }: ListOptions,
  ) {
    let query = this.#tables
      .selectFrom('updates')
      .innerJoin('releases', 'releases.examination', 'updates.examination')
      .selectAll('updates')
      .select(['releases.number as release', 'releases.target as target'])
      .where(seen(viewer));
    if (filter.format !== undefined) query = query.where('format', '=', filter.format);
    if (filter.release !== undefined) query = query.where('releases.number', '=', filter.release);
    return readPage(query, { ...BY_NUMBER('updates', 'desc'), after, limit });
  }

  async records(
    filter: {
      readonly number?: number | undefined;
      readonly update?: number | undefined;
      readonly release?: number | undefined;
      readonly id?: string | undefined;
      readonly q?: string | undefined;
    },
    { viewer, after, limit }: ListOptions,
  ) {
    let query = this.#tables
      .selectFrom('records')
      .innerJoin('updates', 'updates.number', 'records.update_of')
      .innerJoin('releases', 'releases.examination', 'updates.examination')
      .selectAll('records')
      .select([
        'releases.number as release',
        'releases.target as target',
        'updates.format as format',
      ])
      .where(seen(viewer));
    const { number, update, release, id, q } = filter;
    if (number !== undefined) query = query.where('records.number', '=', number);
    if (update !== undefined) query = query.where('records.update_of', '=', update);
    if (release !== undefined) query = query.where('releases.number', '=', release);
    if (id !== undefined) query = query.where('records.id', '=', id);
    if (q !== undefined) {
      query = query.where(wordsIn(this.#records, RECORD_WORDS, 'records.number', q));
    }
    return readPage(query, { ...BY_NUMBER('records'), after, limit });
  }

  /** Of one release, for whoever was let to it: what a claim may name. */
  async recordsOf(release: number, { after, limit }: Omit<ListOptions, 'viewer'>) {
    const query = this.#tables
      .selectFrom('records')
      .innerJoin('updates', 'updates.number', 'records.update_of')
      .innerJoin('releases', 'releases.examination', 'updates.examination')
      .select([
        'records.number as number',
        'records.member as member',
        'records.id as id',
        'records.line as line',
        'records.digest as digest',
      ])
      .where('releases.number', '=', release);
    return readPage(query, { ...BY_NUMBER('records'), after, limit });
  }

  async declarations(
    filter: { readonly product?: number | undefined },
    { after, limit }: Omit<ListOptions, 'viewer'>,
  ) {
    let query = this.#tables
      .selectFrom('declarations')
      .innerJoin('products', 'products.number', 'declarations.product')
      .selectAll('declarations')
      .select('products.name as name');
    if (filter.product !== undefined) query = query.where('product', '=', filter.product);
    return readPage(query, { ...BY_NUMBER('declarations', 'desc'), after, limit });
  }

  async isDeclaration(digest: string): Promise<boolean> {
    const row = await this.#tables
      .selectFrom('declarations')
      .select('number')
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** How much there is, public: for the front page and the metrics. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await sql<{ products: number; releases: number; features: number }>`
      SELECT (SELECT count(DISTINCT product) FROM releases WHERE is_public = 1) AS products,
        (SELECT count(*) FROM releases WHERE is_public = 1) AS releases,
        (SELECT coalesce(sum(features), 0) FROM examinations WHERE number IN (
          SELECT examination FROM releases WHERE is_public = 1)) AS features`.execute(this.#tables);
    return Object.fromEntries(Object.entries(rows[0]!).map(([key, value]) => [key, Number(value)]));
  }

  #releases() {
    return this.#tables
      .selectFrom('releases')
      .innerJoin('products', 'products.number', 'releases.product')
      .leftJoin('examinations', 'examinations.number', 'releases.examination')
      .select([
        'releases.number as number',
        'releases.product as product',
        'products.name as name',
        'products.maker as maker',
        'releases.target as target',
        'releases.version as version',
        'releases.digest as digest',
        'releases.size as size',
        'releases.artifact as artifact',
        'releases.file as file',
        'releases.at as at',
        'releases.is_public as is_public',
        'releases.owner as owner',
        'releases.state as state',
        'releases.why as why',
        'releases.examination as examination',
        'examinations.document as document',
        'examinations.engine as engine',
        'examinations.engine_version as engine_version',
        'examinations.rules as rules',
        'examinations.rules_update as rules_update',
        'examinations.answer as answer',
        'examinations.coverage as coverage',
        'examinations.declaration as declaration',
        'examinations.modules as modules',
        'examinations.features as features',
        'examinations.flows as flows',
        'examinations.findings as findings',
        'examinations.unknowns as unknowns',
        'examinations.at as examined_at',
      ]);
  }

  get #tables(): Kysely<CatalogueTables> {
    return this.#database.tables<CatalogueTables>();
  }
}

export type ReleaseFound = NonNullable<Awaited<ReturnType<CatalogueLists['release']>>>;
