import type { Digest } from '@avow/bytes';
import {
  hashDigest,
  type ManifestMember,
  type RecordDigest,
  RecordTree,
  type ReleaseManifest,
  type UpdateManifest,
} from '@avow/log';
import type { Fault } from './answer.ts';

/** One file as it is installed. */
export type InstalledMember = Pick<ManifestMember, 'path' | 'digest'>;

/** What an installer adds beside the product: not the product's, and so no alteration. */
export type IsIgnored = (path: string) => boolean;

/**
 * Every member that is missing, other than released, or not of the release.
 *
 * Members within containers need not be listed: the container's own digest
 * holds for all that is in it.
 */
export function alteredMembers(
  manifest: ReleaseManifest,
  installed: readonly InstalledMember[],
  isIgnored: IsIgnored = () => false,
): readonly Fault[] {
  const released = new Map(manifest.members.map((member) => [member.path, member]));
  const isEntered = installed.some(({ path }) => path.includes('!/'));
  const faults: Fault[] = [];
  for (const { path, digest } of installed) {
    const member = released.get(path);
    released.delete(path);
    if (member === undefined) {
      if (!isIgnored(path)) faults.push(altered(path, 'is not part of the release'));
    } else if (member.digest !== digest) {
      faults.push(altered(path, `is ${digest}, released was ${member.digest}`));
    }
  }
  for (const path of released.keys()) {
    if (isEntered || !path.includes('!/')) faults.push(altered(path, 'is missing'));
  }
  return faults.sort((one, other) => (one.where! < other.where! ? -1 : 1));
}

/** A database file as it is installed, with the digest of each of its records. */
export interface InstalledDatabase {
  readonly path: string;
  readonly digest: Digest;
  readonly records: readonly RecordDigest[];
}

/**
 * Every database file that is missing or another, and whether the records
 * together are the update's. `published` records, where they can be had, let
 * it be said which record is another.
 */
export function alteredRecords(
  manifest: UpdateManifest,
  installed: readonly InstalledDatabase[],
  published?: readonly RecordDigest[],
): readonly Fault[] {
  const faults: Fault[] = [];
  const here = new Map(installed.map((database) => [database.path, database]));
  for (const { path, digest } of manifest.databases) {
    const database = here.get(path);
    if (database === undefined) faults.push(altered(path, 'is missing'));
    else if (database.digest !== digest) {
      faults.push(altered(path, `is ${database.digest}, published was ${digest}`));
    }
  }
  if (faults.length === 0) return faults;
  const records = installed.flatMap((database) => database.records);
  const tree = new RecordTree(records);
  if (hashDigest(tree.root) === manifest.root) {
    return []; // The files are laid out otherwise; the records are the same.
  }
  return published === undefined ? faults : [...faults, ...otherRecords(published, records)];
}

function otherRecords(
  published: readonly RecordDigest[],
  installed: readonly RecordDigest[],
): readonly Fault[] {
  const keyOf = ({ id, digest }: RecordDigest) => `${digest} ${id}`;
  const expected = new Set(published.map(keyOf));
  const found = new Set(installed.map(keyOf));
  return [
    ...installed
      .filter((record) => !expected.has(keyOf(record)))
      .map(({ id }) => altered(id, 'is not in the update as published')),
    ...published
      .filter((record) => !found.has(keyOf(record)))
      .map(({ id }) => altered(id, 'was published and is missing')),
  ];
}

function altered(where: string, message: string): Fault {
  return { kind: 'altered', where, message };
}
