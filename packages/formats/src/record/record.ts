import { type Digest, digestOf, latin1Bytes, textOfLatin1, type Why } from '@avow/bytes';

/** The formats of database updates that Avow reads; `opaque` is any other. */
export const RECORD_FORMATS = [
  'clamav',
  'spamassassin',
  'adblock',
  'dnr',
  'yara',
  'suricata',
  'sigma',
  'falco',
  'autoconsent',
  'osquery',
  'opaque',
] as const;

export type RecordFormat = (typeof RECORD_FORMATS)[number];

/**
 * A file of a database update. Its bytes come in pieces of any size, one after
 * another, so that a database larger than memory can be read line by line.
 */
export interface DatabaseMember {
  readonly path: string;
  readonly pieces: Iterable<Uint8Array>;
}

/** Where a text stands in a record and what it reads as, decoded: from hex, escapes, base64. */
export interface Literal {
  readonly text: string;
  /** How it was written: `hex`, `hex-utf16`, `text`, `regex`, `base64`. */
  readonly written: 'text' | 'hex' | 'hex-utf16' | 'regex' | 'base64';
}

/**
 * One entry of a database update: a signature, a rule, a filter.
 *
 * Readers make hundreds of thousands a second, so a record holds its bytes as
 * a text of one character a byte and works out everything else when asked.
 * `offset` counts bytes from the start of the member, lines count from 1.
 */
export abstract class DatabaseRecord {
  abstract readonly format: RecordFormat;
  readonly member: string;
  readonly line: number;
  readonly offset: number;
  /** The record as it stands in the member, one character a byte. */
  readonly source: string;
  /** Why it was not understood; undefined where it was. */
  unknown: Why | undefined;

  constructor(member: string, line: number, offset: number, source: string) {
    this.member = member;
    this.line = line;
    this.offset = offset;
    this.source = source;
    this.unknown = undefined;
  }

  /** What sort of record: the line type, the rule's first word. */
  abstract get kind(): string;

  /** The maker's identifier; `` where the format has none. Not always unique: see the format's page. */
  abstract get id(): string;

  /** The maker's revision of this record, where the format has one. */
  get revision(): string | undefined {
    return undefined;
  }

  /** False for a record that is there and switched off. */
  get enabled(): boolean {
    return true;
  }

  /** The text as people read it: UTF-8, or Latin-1 where it is not well-formed. */
  get raw(): string {
    return textOfLatin1(this.source);
  }

  /** Of the record's bytes as they stand in the member. */
  get digest(): Digest {
    return digestOf(latin1Bytes(this.source));
  }

  /**
   * What the record does, without what may change freely (spaces, comments,
   * order of options, description). Two records of one id with the same
   * detection differ in metadata only.
   */
  get detection(): string {
    return this.source;
  }

  /** The same record without what was parsed and can be parsed again, for keeping many of them. */
  light(): DatabaseRecord {
    return this;
  }

  /** The texts it looks for or acts with, decoded. */
  literals(): readonly Literal[] {
    return [];
  }
}

/** What one reader takes and gives. */
export interface RecordReader {
  readonly format: RecordFormat;
  /**
   * Every record of a member, in order, those that are not understood among
   * them. Never throws for what the bytes are: a member of which nothing can
   * be read is one record with its `unknown`.
   */
  read(member: DatabaseMember, database: DatabaseContext): Generator<DatabaseRecord>;
}

/** What a record's meaning depends on beside its own text. */
export interface DatabaseContext {
  /** SpamAssassin: modules loaded by `loadplugin` in the folder's `.pre` and `.cf` files. */
  readonly plugins: ReadonlySet<string>;
  /** SpamAssassin: score, description and flags by test name, gathered over the folder. */
  readonly tests: ReadonlyMap<string, { score?: string; describe?: string; tflags?: string }>;
  /** declarativeNetRequest: rule set id and whether the manifest switches it on, by member path. */
  readonly rulesets: ReadonlyMap<string, { readonly id: string; readonly enabled: boolean }>;
}

export const NO_CONTEXT: DatabaseContext = {
  plugins: new Set(),
  tests: new Map(),
  rulesets: new Map(),
};
