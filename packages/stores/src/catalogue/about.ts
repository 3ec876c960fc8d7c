import { sql } from 'kysely';
import type { Database } from '../database/index.ts';
import type { CatalogueTables } from './schema.ts';

/** What a release is found by. */
export interface About {
  /** Features that it has somewhere. */
  readonly features: readonly string[];
  /** To whom it speaks over a network, or has its databases speak, as the code writes it. */
  readonly recipients: readonly string[];
}

/** Of each list; a product with more names what it is found by at random. */
const MOST = 2_000;

/** What the examination of a release names, each once. */
export async function aboutRelease(database: Database, examination: number): Promise<About> {
  const tables = database.tables<CatalogueTables>();
  const features = await tables
    .selectFrom('features')
    .select('feature')
    .distinct()
    .where('examination', '=', examination)
    .limit(MOST)
    .execute();
  const { rows } = await sql<{ recipient: string }>`
    SELECT recipient FROM features
    WHERE examination = ${examination} AND recipient IS NOT NULL
      AND (feature LIKE 'net.%' OR record IS NOT NULL)
    UNION
    SELECT recipient FROM flows
    WHERE examination = ${examination} AND recipient IS NOT NULL AND destination LIKE 'net.%'
    LIMIT ${MOST}`.execute(tables);
  return {
    features: features.map(({ feature }) => feature),
    recipients: rows.map(({ recipient }) => recipient),
  };
}

/** To whom the features at one place speak. */
export async function recipientsAt(
  database: Database,
  examination: number,
  locator: string,
): Promise<readonly string[]> {
  const rows = await database
    .tables<CatalogueTables>()
    .selectFrom('features')
    .select('recipient')
    .distinct()
    .where('examination', '=', examination)
    .where('locator', '=', locator)
    .where('recipient', 'is not', null)
    .limit(MOST)
    .execute();
  return rows.map(({ recipient }) => recipient!);
}
