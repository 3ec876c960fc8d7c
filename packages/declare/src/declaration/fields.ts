/**
 * The fields of a declaration: one table, from which the reader, the JSON
 * Schema (docs/schema/declaration-1.json) and the list of right words come.
 */
export type Shape =
  | 'number-1'
  | 'text'
  | 'purl'
  | 'date'
  | 'versions'
  | 'sources'
  | 'deeds'
  | 'moments'
  | 'gates'
  | 'actions'
  | 'targets'
  | 'texts'
  | 'entries'
  | 'promises'
  | 'databases';

export interface Field {
  readonly shape: Shape;
  readonly isRequired?: boolean;
  /** For the schema's readers. */
  readonly says: string;
}

export type Fields = Readonly<Record<string, Field>>;

export const DECLARATION_FIELDS = {
  avow: { shape: 'number-1', isRequired: true, says: 'version of this format' },
  maker: { shape: 'text', isRequired: true, says: 'who makes the product and this declaration' },
  product: { shape: 'purl', isRequired: true, says: 'the product as a purl without version' },
  versions: {
    shape: 'versions',
    isRequired: true,
    says: 'versions it holds for: "1.4.0", "1.4.*", ">=1.4.0 <2.0.0"',
  },
  date: { shape: 'date', isRequired: true, says: 'day of this declaration, YYYY-MM-DD' },
  entries: { shape: 'entries', says: 'what the product does' },
  never: { shape: 'promises', says: 'what the product never does' },
  databases: { shape: 'databases', says: 'what the records of its databases may do' },
} as const satisfies Fields;

export const ENTRY_FIELDS = {
  name: { shape: 'text', says: 'a name for the entry, unique in the declaration' },
  data: { shape: 'sources', says: 'what is read: ids of sources' },
  from: { shape: 'texts', says: 'paths or names that the data is read from, with wildcards' },
  does: { shape: 'deeds', says: 'what is done: ids of destinations, powers, qualifiers' },
  to: { shape: 'texts', says: 'recipients: hosts, URLs, paths, commands, names, "unresolved"' },
  by: { shape: 'texts', says: 'module paths, with wildcards' },
  when: { shape: 'moments', says: 'install, load, call or record' },
  gate: {
    shape: 'gates',
    says: 'what decides it: env:, setting:, remote:, record:, time:, consent:',
  },
  only: { shape: 'texts', says: 'ids of the features or flows that alone are meant' },
  for: { shape: 'text', says: 'the purpose' },
  kept: { shape: 'text', says: 'how long what was sent is kept' },
} as const satisfies Fields;

export const PROMISE_FIELDS = {
  name: { shape: 'text', says: 'a name for the promise, unique in the declaration' },
  data: { shape: 'sources', says: 'what is never read, or with "does" never sent there' },
  does: { shape: 'deeds', says: 'what is never done' },
  to: { shape: 'texts', says: 'recipients that it never reaches' },
  by: { shape: 'texts', says: 'module paths, with wildcards' },
  except: { shape: 'texts', says: 'ids of features or flows that are left out' },
} as const satisfies Fields;

export const DATABASE_FIELDS = {
  name: { shape: 'text', says: 'a name for the entry, unique in the declaration' },
  database: { shape: 'texts', isRequired: true, says: 'member paths, with wildcards' },
  actions: { shape: 'actions', says: 'what its records make the product do' },
  targets: { shape: 'targets', says: 'what its records reach for' },
  to: { shape: 'texts', says: 'destinations: hosts, zones, paths' },
  only: { shape: 'texts', says: 'ids of the records that alone are meant' },
  for: { shape: 'text', says: 'the purpose' },
} as const satisfies Fields;

/** The kinds of gate; all but `consent` are compared with the gate that was found. */
export const GATE_KINDS = ['env', 'setting', 'remote', 'record', 'time', 'consent'] as const;
export const GATE = /^(?:env|setting|remote|record|time|consent):\S[^\n]*$/;
export const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
/** A product's purl without version, qualifiers or subpath. */
export const PURL = /^pkg:[a-z][a-z0-9.-]*\/[^@?#\s]+$/;
/** A text of a declaration: names, patterns and sentences. */
export const MAX_WORDS = 1_000;
