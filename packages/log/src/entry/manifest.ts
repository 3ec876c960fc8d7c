import { type Digest, Refused, utf8Text } from '@avow/bytes';
import { canonicalBytes, canonicalJson, type Json } from './canonical.ts';
import {
  count,
  digest,
  type FieldRule,
  type Fields,
  faultsOf,
  oneOf,
  path,
  text,
} from './field.ts';

/** One file of a release; a module is a member that holds code. */
export interface ManifestMember {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  /** The kind of module that it is; absent for a file without code. */
  readonly module?: string;
}

/** What a release consists of: every member with its digest, in the order of paths. */
export interface ReleaseManifest {
  readonly schema: 'avow.release/1';
  readonly members: readonly ManifestMember[];
}

/** What a database update consists of: its files, and the root over its records. */
export interface UpdateManifest {
  readonly schema: 'avow.update/1';
  readonly databases: readonly ManifestDatabase[];
  readonly records: number;
  /** Merkle root over all records in the order of their ids, as `sha256:`. */
  readonly root: Digest;
  /** Digest of the list of all records (`recordListBytes`), to say which one is another. */
  readonly list?: Digest;
}

export interface ManifestDatabase {
  readonly path: string;
  readonly format: string;
  readonly digest: Digest;
  readonly size: number;
  readonly records: number;
}

export type Manifest = ReleaseManifest | UpdateManifest;

/** A manifest of half a million members; a larger one is made to cost memory. */
const MAX_MANIFEST_SIZE = 128 << 20;
/** Faults shown of one manifest: enough to see the pattern. */
const MAX_FAULTS = 20;

const MEMBER: Fields = { path, digest, size: count(0), 'module?': text(32) };
const DATABASE: Fields = {
  path,
  format: text(32),
  digest,
  size: count(0),
  records: count(0),
};
const LIST: FieldRule = (value) => (Array.isArray(value) ? undefined : 'is not a list');
const MANIFESTS: Record<Manifest['schema'], Fields> = {
  'avow.release/1': { schema: oneOf(['avow.release/1']), members: LIST },
  'avow.update/1': {
    schema: oneOf(['avow.update/1']),
    databases: LIST,
    records: count(0),
    root: digest,
    'list?': digest,
  },
};

/** A manifest's bytes, in canonical form. Refuses `manifest.malformed` with its faults at once. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  const value = manifest as unknown as Json;
  refuseFaults(manifestFaults(value));
  return canonicalBytes(value);
}

/** Reads a manifest: only the canonical spelling is one. Refuses `manifest.malformed`. */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MAX_MANIFEST_SIZE) refuseFaults([`${bytes.length} bytes`]);
  const printed = utf8Text(bytes) ?? '';
  let value: Json = null;
  try {
    value = JSON.parse(printed) as Json;
  } catch {
    refuseFaults(['not JSON']);
  }
  refuseFaults(manifestFaults(value));
  if (canonicalJson(value) !== printed) refuseFaults(['not in canonical form (RFC 8785)']);
  return value as unknown as Manifest;
}

function manifestFaults(value: Json): readonly string[] {
  const schema = (value as { schema?: Json } | null)?.schema;
  if (typeof schema !== 'string' || !Object.hasOwn(MANIFESTS, schema)) {
    return [`schema is none of ${Object.keys(MANIFESTS).join(', ')}`];
  }
  const faults = faultsOf(value, MANIFESTS[schema as Manifest['schema']]);
  if (faults.length > 0) return faults;
  const { members, databases } = value as unknown as {
    members?: readonly Json[];
    databases?: readonly Json[];
  };
  return [
    ...listFaults('members', members, MEMBER),
    ...listFaults('databases', databases, DATABASE),
  ];
}

/** Faults of each item, and of the order: by path, each path once, so a list has one spelling. */
function listFaults(name: string, list: readonly Json[] | undefined, fields: Fields): string[] {
  const faults: string[] = [];
  let before: string | undefined;
  for (const [index, item] of (list ?? []).entries()) {
    const own = faultsOf(item, fields);
    faults.push(...own.map((fault) => `${name}[${index}]: ${fault}`));
    const here = (item as { path?: string } | null)?.path;
    if (before !== undefined && here !== undefined && !(before < here)) {
      faults.push(`${name}[${index}]: path is not after the one before`);
    }
    before = here;
    if (faults.length >= MAX_FAULTS) break;
  }
  return faults;
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new Refused('manifest.malformed', undefined, faults.join('; '));
}
