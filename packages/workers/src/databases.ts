import { Refused } from '@avow/bytes';
import type {
  Beside,
  DatabaseExamination,
  Feature,
  RecordCandidate,
  RecordDiff,
  ShownRecord,
} from '@avow/examine';
import type { ClamKeys, ClamTrust, Member, ProductMember } from '@avow/formats';
import { recordRules } from './record-rules.ts';

/** Whose signatures of ClamAV files are trusted; without `keys`, those that ClamAV has built in. */
export interface Signers {
  readonly roots: readonly Uint8Array[];
  readonly keys?: ClamKeys;
}

export interface AboutDatabases {
  readonly target: string;
  readonly code: readonly Feature[];
  readonly signers?: Signers;
}

async function trustOf({ roots, keys }: Signers): Promise<ClamTrust> {
  const { CLAMAV_KEYS } = await import('@avow/formats/record');
  return { roots, keys: keys ?? CLAMAV_KEYS };
}

const NO_DATABASES: DatabaseExamination = {
  databases: [],
  features: [],
  flows: [],
  unknowns: [],
  records: [],
  members: new Set(),
};

/**
 * Reads the databases of a product with the rules for records that come with
 * this code. Their parsers are loaded only when there is something to read.
 */
async function readDatabases(
  members: readonly ProductMember[],
  { target, code, signers }: AboutDatabases,
): Promise<DatabaseExamination> {
  if (!(await isAnyDatabase(members))) return NO_DATABASES;
  const { examineDatabases, Sight } = await import('@avow/examine/record');
  const named = decodeURIComponent(/@([^@#?]*)(?:[?#]|$)/.exec(target)?.[1] ?? '');
  // A folder has its digest for a version: that is no update number.
  const version = named.startsWith('sha256:') ? '' : named;
  const sight = new Sight(recordRules());
  return examineDatabases(members, {
    target,
    version,
    sight,
    code,
    ...(signers === undefined ? {} : { trust: await trustOf(signers) }),
  });
}

/**
 * The databases of a product together with those given beside it: the same
 * code carries both out. Refuses `examine.no-database` for a file or folder
 * beside it that holds none.
 */
export async function readDatabasesWith(
  members: readonly ProductMember[],
  others: readonly Beside[],
  about: AboutDatabases,
): Promise<DatabaseExamination> {
  const own = await readDatabases(members, about);
  if (others.length === 0) return own;
  const { withBeside } = await import('@avow/examine/record');
  const examined = [];
  for (const beside of others) {
    const examination = await readDatabases(beside.members, { ...about, target: beside.target });
    if (examination.databases.length === 0 && beside.unread.length === 0)
      throw new Refused('examine.no-database', undefined, `${beside.name} holds no database`);
    examined.push({ beside, examination });
  }
  return withBeside(own, examined);
}

/** Manifests say versions of databases, and are in every product. */
const MANIFEST = /(?:^|\/)(?:manifest|package)\.json$/;

async function isAnyDatabase(members: readonly ProductMember[]): Promise<boolean> {
  const others = members.filter(({ path }) => !MANIFEST.test(path));
  if (others.length === 0) return false;
  const { isDatabase } = await import('@avow/formats/recognise');
  return others.some(isDatabase);
}

/** What changed in the databases of two releases; undefined where neither has one. */
export async function diffRecords(
  before: readonly ProductMember[],
  after: readonly ProductMember[],
  signers: Signers,
  beside: readonly ProductMember[],
): Promise<RecordDiff | undefined> {
  if (!(await isAnyDatabase([...before, ...after]))) return undefined;
  const { diffDatabases, Sight } = await import('@avow/examine/record');
  const trust = await trustOf(signers);
  const diff = diffDatabases(before, after, new Sight(recordRules()), { trust, beside });
  return diff.databases.length === 0 ? undefined : diff;
}

/** Records that may have caused a symptom. */
export async function findInRecords(
  symptom: string,
  members: readonly Member[],
  target: string,
): Promise<readonly RecordCandidate[]> {
  if (!(await isAnyDatabase(members))) return [];
  const { findRecords, Sight } = await import('@avow/examine/record');
  return findRecords(symptom, members, target, new Sight(recordRules()));
}

/** Records that a place names, `path` being the member's, also one inside a database. */
export async function recordsAtPlace(
  members: readonly Member[],
  path: string | undefined,
  place: string,
  signers: Signers = { roots: [] },
): Promise<readonly ShownRecord[]> {
  const { recordsAt, Sight } = await import('@avow/examine/record');
  return recordsAt(members, path, place, new Sight(recordRules()), await trustOf(signers));
}
