import { type Digest, digestOf, type Why } from '@avow/bytes';
import type { FeatureId, RecordPart } from '@avow/declare';
import {
  type ClamTrust,
  type DatabaseRecord,
  databasesIn,
  type FoundDatabase,
  type ProductMember,
  RECORD_READERS,
} from '@avow/formats/record';
import type { DatabaseCheck, ExaminedDatabase, Feature, Flow, Unknown } from '../result.ts';
import { consumerOf } from './consumer.ts';
import { featuresOf } from './features.ts';
import { type Entry, Gathering } from './gathering.ts';
import { featureOf, flowOf, flowsInOrder, groupOf, inOrder, partOf } from './listed.ts';
import { memberTarget, recordPlace } from './places.ts';
import type { Sight } from './sight.ts';

/** What the databases of a product hold, ready to stand in its result. */
export interface DatabaseExamination {
  readonly databases: readonly ExaminedDatabase[];
  /** One for each record that matters, and one for each group of others. */
  readonly features: readonly Feature[];
  /** Records that hand confidential content on by themselves. */
  readonly flows: readonly Flow[];
  readonly unknowns: readonly Unknown[];
  /** For comparison with a declaration. */
  readonly records: readonly RecordPart[];
  /** Paths of the members that were read as databases. */
  readonly members: ReadonlySet<string>;
  /** Bytes of databases that were given beside the product. */
  readonly besideBytes?: number;
}

export interface DatabaseOptions {
  /** The product, with version: `pkg:deb/debian/spamassassin@4.0.1`. */
  readonly target: string;
  /** Stands for the update number of databases that state none. */
  readonly version: string;
  readonly sight: Sight;
  /** What signatures of ClamAV files are held against; ClamAV's own keys when not given. */
  readonly trust?: ClamTrust;
  /** Features of the product's own code: they carry out what records say. */
  readonly code?: readonly Feature[];
}

/** Records not understood that are listed one by one; of more there is a count. */
const MAX_UNKNOWNS = 100;

/** Every database update among a product's members, read whole, and what its records do. */
export function examineDatabases(
  members: readonly ProductMember[],
  options: DatabaseOptions,
): DatabaseExamination {
  const code = Map.groupBy(options.code ?? [], ({ feature }) => feature);
  const all = databasesIn(members, options.trust).map((database) =>
    examineOne(database, options, code),
  );
  return {
    databases: all.map(({ database }) => database),
    features: inOrder(all.flatMap(({ features }) => features)),
    flows: flowsInOrder(all.flatMap(({ flows }) => flows)),
    unknowns: all.flatMap(({ unknowns }) => unknowns),
    records: all.flatMap(({ records }) => records),
    members: new Set(all.flatMap(({ paths }) => paths)),
  };
}

interface ExaminedOne {
  readonly database: ExaminedDatabase;
  readonly features: readonly Feature[];
  readonly flows: readonly { readonly flow: Flow; readonly entry: Entry }[];
  readonly unknowns: readonly Unknown[];
  readonly records: readonly RecordPart[];
  readonly paths: readonly string[];
}

function examineOne(
  database: FoundDatabase,
  { target, version, sight }: DatabaseOptions,
  code: ReadonlyMap<FeatureId, readonly Feature[]>,
): ExaminedOne {
  const gathering = new Gathering();
  const unread = new UnreadRecords(target);
  const ids = new KnownIds();
  let records = 0;
  let disabled = 0;
  let counted = 0;
  for (const record of recordsOf(database)) {
    records++;
    if (!record.enabled) disabled++;
    if (record.unknown === undefined && isCounted(record)) counted++;
    if (record.unknown !== undefined) unread.add(record, record.unknown);
    else if (ids.isSecond(record)) unread.tell(record, SECOND);
    for (const feature of featuresOf(record, sight)) gathering.add(record, feature);
  }
  const update = database.update === '' ? version : database.update;
  const entries = gathering.entries();
  const about = { target, update, format: database.format };
  const consumed = (entry: Entry) => consumerOf(database.format, entry.feature.action, code);
  const faults = [...database.faults, ...countFault(database, counted, records)];
  return {
    database: {
      path: database.path,
      format: database.format,
      update,
      records,
      understood: records - unread.count,
      digest: digestOfDatabase(database),
      disabled,
      ...(database.checks.length === 0 ? {} : { checks: database.checks.map(checkOf) }),
      does: gathering.groups().map((group) => groupOf(group, about)),
    },
    features: entries.map((entry) => featureOf(entry, about, consumed(entry))),
    flows: entries.flatMap((entry) => {
      const flow = flowOf(entry, about);
      return flow === undefined ? [] : [{ flow, entry }];
    }),
    unknowns: [
      ...faults.map((why) => ({
        feature: 'opaque.unanalysed' as const,
        locator: `${memberTarget(target, database.path)} @all`,
        why,
      })),
      ...unread.listed(),
    ],
    records: gathering.groups().map((group) => partOf(group, about)),
    paths: database.members.map(({ path }) => path.split('!/')[0]!),
  };
}

function checkOf({ what, state, says }: FoundDatabase['checks'][number]): DatabaseCheck {
  return { what, state, says };
}

/** Every record of a database's files, in order. */
export function* recordsOf(database: FoundDatabase): Generator<DatabaseRecord> {
  const reader = RECORD_READERS[database.format];
  for (const member of database.members) yield* reader.read(member, database.context);
}

/** Line types that ClamAV's own count leaves out (libclamav/readdb.c, `countsigs`), and `last.hdb`, a test line. */
const UNCOUNTED = /^(?:wdb|fp|sfp|ign2?|ftm|cfg|cat|crb|idb|pwdb)$/;

function isCounted({ kind, member }: DatabaseRecord): boolean {
  return !UNCOUNTED.test(kind) && !member.endsWith('!/last.hdb');
}

/**
 * The header's count lies between the counted lines that were understood and
 * all lines: releases differ in what they count, and the line that tells old
 * engines of their end of life is in no count.
 */
function countFault(
  { stated, faults, members }: FoundDatabase,
  least: number,
  most: number,
): Why[] {
  if (stated === undefined || (members.length === 0 && faults.length > 0)) return [];
  if (stated >= least && stated <= most) return [];
  return [
    { code: 'clamav.count', message: `the header states ${stated} signatures, ${least} are there` },
  ];
}

/** SHA-256 over the SHA-256 and path of each file, in path order. */
export function digestOfDatabase({ members }: FoundDatabase): Digest {
  const lines = members.map(({ path, pieces }) => {
    const [first = new Uint8Array(0)] = pieces;
    return `${digestOf(first)} ${path}\n`;
  });
  return digestOf(lines.sort().join(''));
}

const SECOND: Why = {
  code: 'record.id-twice',
  message: 'a second record of this identifier: which of them holds depends on the product',
};

/** Formats that give an identifier once: in an update, or in each file of it. */
const UNIQUE_IN: Readonly<Partial<Record<DatabaseRecord['format'], 'update' | 'file'>>> = {
  suricata: 'update',
  sigma: 'update',
  dnr: 'file',
  yara: 'file',
  osquery: 'file',
};

class KnownIds {
  readonly #seen = new Set<string>();

  isSecond({ format, id, member }: DatabaseRecord): boolean {
    const within = UNIQUE_IN[format];
    if (within === undefined || id === '') return false;
    const key = within === 'update' ? id : `${member} ${id}`;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }
}

class UnreadRecords {
  count = 0;
  readonly #target: string;
  readonly #first: Unknown[] = [];
  readonly #more = new Map<string, number>();

  constructor(target: string) {
    this.#target = target;
  }

  add(record: DatabaseRecord, why: Why): void {
    this.count++;
    this.tell(record, why);
  }

  /** A doubt about a record that was understood. */
  tell(record: DatabaseRecord, why: Why): void {
    if (this.#first.length < MAX_UNKNOWNS) {
      const locator = `${memberTarget(this.#target, record.member)} ${recordPlace(record)}`;
      this.#first.push({ feature: 'opaque.unanalysed', locator, why });
      return;
    }
    const path = memberTarget(this.#target, record.member);
    const key = `${path} ${why.code}`;
    this.#more.set(key, (this.#more.get(key) ?? 0) + 1);
  }

  listed(): Unknown[] {
    const rest = [...this.#more].map(([key, count]) => {
      const space = key.lastIndexOf(' ');
      return {
        feature: 'opaque.unanalysed' as const,
        locator: `${key.slice(0, space)} @all`,
        why: { code: key.slice(space + 1), message: `${count} records more` },
      };
    });
    return [...this.#first, ...rest];
  }
}
