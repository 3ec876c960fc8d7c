import { digestOf, Refused, utf8Bytes } from '@avow/bytes';
import type { InstalledDatabase } from '@avow/check';
import { isUnread, type Member } from '@avow/formats/container';
import type { ManifestMember, RecordDigest } from '@avow/log';
import type { Product } from '@avow/products';

/** What a product consists of, by digests. */
export interface Inventory {
  readonly members: readonly ManifestMember[];
  readonly databases: readonly PublishedDatabase[];
}

export interface PublishedDatabase extends InstalledDatabase {
  readonly format: string;
  readonly size: number;
}

/**
 * Lists a product's members, and with `withRecords` the records of its databases.
 *
 * Refuses `publish.unread` when a member has no digest because it cannot be read.
 */
export async function inventoryOf(product: Product, withRecords: boolean): Promise<Inventory> {
  const members: ManifestMember[] = [];
  const databaseMembers: Member[] = [];
  const paths = new Set<string>();
  for await (const member of product.members()) {
    if (isUnread(member)) {
      // A container that cannot be entered has its own digest, as a member.
      if (paths.has(member.path)) continue;
      throw new Refused('publish.unread', undefined, `${member.path}: ${member.why.message}`);
    }
    if (paths.has(member.path)) continue;
    paths.add(member.path);
    const digest = member.link === undefined ? member.digest : digestOf(utf8Bytes(member.link));
    members.push({ path: member.path, digest, size: member.bytes.length });
    if (withRecords) databaseMembers.push(member);
  }
  members.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { members, databases: withRecords ? await databasesOf(databaseMembers) : [] };
}

async function databasesOf(members: readonly Member[]): Promise<Inventory['databases']> {
  const { databasesIn } = await import('@avow/formats/record');
  const { digestOfDatabase, recordsOf } = await import('@avow/examine/record');
  const sizes = new Map(members.map(({ path, bytes }) => [path, bytes.length]));
  const databases = databasesIn(members).map((database) => {
    const records: RecordDigest[] = [];
    for (const record of recordsOf(database))
      records.push({ id: record.id, digest: record.digest });
    const { path, format } = database;
    const size = database.members.reduce((sum, one) => sum + (sizes.get(one.path) ?? 0), 0);
    return { path: path || '.', format, digest: digestOfDatabase(database), size, records };
  });
  return databases.sort((one, other) => (one.path < other.path ? -1 : 1));
}
