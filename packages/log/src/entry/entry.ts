import { type Digest, digestOf, Refused, utf8Text } from '@avow/bytes';
import { canonicalBytes, canonicalJson, type Json } from './canonical.ts';
import { count, digest, type Fields, faultsOf, integrity, oneOf, text } from './field.ts';

/** The largest entry: manifests and documents are kept by digest, outside the log. */
export const MAX_LOGGED_ENTRY = 4096;

/** What the log holds; the type decides the fields (docs/formats/entries.md). */
export type EntryType = 'release' | 'update' | 'declaration' | 'claim' | 'verdict' | 'advisory';

/** How an investigation ended, in the terms of the declaration in force at the claim. */
export const OUTCOMES = [
  'undeclared',
  'contradicts',
  'declared',
  'absent',
  'unreachable',
  'unknown',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The place in a chain: of one product's releases, updates or declarations on one channel. */
interface Chained {
  readonly maker: string;
  readonly product: string;
  readonly channel: string;
  /** One more than the previous entry's of this chain; the first may be any. */
  readonly number: number;
  /** Digest of the previous entry's bytes; absent in the first of a chain. */
  readonly prev?: Digest;
}

/** An artifact, kept by digest. */
interface Artifact {
  readonly digest: Digest;
  readonly size: number;
}

export interface ReleaseEntry extends Chained, Artifact {
  readonly type: 'release';
  readonly version?: string;
  /** SHA-512 of the artifact as lock files name it, so that one can be held against the log. */
  readonly integrity?: string;
  readonly manifest: Digest;
  readonly declaration?: Digest;
}

export interface UpdateEntry extends Chained, Artifact {
  readonly type: 'update';
  readonly version?: string;
  readonly manifest: Digest;
  readonly declaration?: Digest;
  /** Number of records, and the Merkle root over them in the order of their ids. */
  readonly records: number;
  readonly root: Digest;
}

export interface DeclarationEntry extends Chained, Artifact {
  readonly type: 'declaration';
}

/** A claim is logged by its digest only: it may name a hole that is still open. */
export interface ClaimEntry {
  readonly type: 'claim';
  readonly digest: Digest;
}

export interface VerdictEntry extends Artifact {
  readonly type: 'verdict';
  readonly judge: string;
  readonly product: string;
  /** Digest of the claim that it answers. */
  readonly claim: Digest;
  /** Digest of the artifact that it speaks of. */
  readonly about: Digest;
  readonly outcome: Outcome;
}

export interface AdvisoryEntry extends Artifact {
  readonly type: 'advisory';
  readonly maker: string;
  readonly product: string;
  readonly id: string;
}

export type ChainedEntry = ReleaseEntry | UpdateEntry | DeclarationEntry;
export type Entry = ChainedEntry | ClaimEntry | VerdictEntry | AdvisoryEntry;

const NAME = text(256);
const CHAINED: Fields = {
  maker: NAME,
  product: NAME,
  channel: text(64),
  number: count(1),
  'prev?': digest,
};
const ARTIFACT: Fields = { digest, size: count(0) };
const PUBLISHED: Fields = { 'version?': text(128), manifest: digest, 'declaration?': digest };

const FIELDS: Record<EntryType, Fields> = {
  release: { ...CHAINED, ...ARTIFACT, ...PUBLISHED, 'integrity?': integrity },
  update: { ...CHAINED, ...ARTIFACT, ...PUBLISHED, records: count(0), root: digest },
  declaration: { ...CHAINED, ...ARTIFACT },
  claim: { digest },
  verdict: {
    judge: NAME,
    product: NAME,
    claim: digest,
    about: digest,
    outcome: oneOf(OUTCOMES),
    ...ARTIFACT,
  },
  advisory: { maker: NAME, product: NAME, id: text(128), ...ARTIFACT },
};

export const ENTRY_TYPES = Object.keys(FIELDS) as readonly EntryType[];

/** Everything that is wrong with a value as an entry; nothing when it is one. */
export function entryFaults(value: Json): readonly string[] {
  const type = (value as { type?: Json } | null)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) {
    return [`type is none of ${ENTRY_TYPES.join(', ')}`];
  }
  return faultsOf(value, { type: oneOf([type]), ...FIELDS[type as EntryType] });
}

/** An entry's bytes, as they are logged. Refuses `entry.malformed` with every fault at once. */
export function entryBytes(entry: Entry): Uint8Array {
  const value = entry as unknown as Json;
  const faults = entryFaults(value);
  if (faults.length > 0) throw malformed(faults.join('; '));
  const bytes = canonicalBytes(value);
  if (bytes.length > MAX_LOGGED_ENTRY)
    throw malformed(`${bytes.length} bytes, not ${MAX_LOGGED_ENTRY}`);
  return bytes;
}

/** Reads an entry: only the canonical spelling is one. Refuses `entry.malformed`. */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_LOGGED_ENTRY)
    throw malformed(`${bytes.length} bytes, not ${MAX_LOGGED_ENTRY}`);
  const printed = utf8Text(bytes);
  if (printed === undefined) throw malformed('not UTF-8');
  let value: Json;
  try {
    value = JSON.parse(printed) as Json;
  } catch {
    throw malformed('not JSON');
  }
  const faults = entryFaults(value);
  if (faults.length > 0) throw malformed(faults.join('; '));
  if (canonicalJson(value) !== printed) throw malformed('not in canonical form (RFC 8785)');
  return value as unknown as Entry;
}

/** The entry, or undefined for other bytes: a log may hold what is not ours. */
export function entryIn(bytes: Uint8Array): Entry | undefined {
  if (bytes[0] !== 0x7b) return undefined;
  try {
    return parseEntry(bytes);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

export function isChained(entry: Entry): entry is ChainedEntry {
  return entry.type === 'release' || entry.type === 'update' || entry.type === 'declaration';
}

/** What the next entry of a chain names as `prev`. */
export function entryDigest(bytes: Uint8Array): Digest {
  return digestOf(bytes);
}

function malformed(found: string): Refused {
  return new Refused('entry.malformed', undefined, found);
}
