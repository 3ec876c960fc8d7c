import type { Release, Stored, StoredRecord } from '@avow/docket';
import type { DeclarationText } from '@avow/examine';
import type { Member } from '@avow/formats';
import type { Product } from '@avow/products';
import type { Examiner } from '../../examiner.ts';

/** A product, opened and examined, with its places at hand. */
export async function storedOf(
  examiner: Examiner,
  spec: string,
  declaration?: DeclarationText,
): Promise<Stored> {
  return storedProduct(examiner, await examiner.open(spec), declaration);
}

export async function storedProduct(
  examiner: Examiner,
  product: Product,
  declaration?: DeclarationText,
): Promise<Stored> {
  const members = await membersOf(product);
  // Under one name, so that a result does not depend on where the file lay.
  const held = declaration && { ...declaration, source: 'declaration' };
  const examination = await examiner.examine(product, held);
  const records = examination.databases.length > 0 ? await recordsOf(members) : [];
  return { examination, ...(await placedFiles(members)), records };
}

/** A release in which places are looked up, without an examination. */
export async function releaseOfProduct(product: Product): Promise<Release> {
  const members = await membersOf(product);
  const { files, ...places } = await placedFiles(members);
  const records = await recordsOf(members);
  return { target: product.target, digest: product.digest, files, records, places };
}

async function membersOf(product: Product): Promise<readonly Member[]> {
  const members = new Map<string, Member>();
  for await (const member of product.members()) {
    if ('bytes' in member && member.link === undefined) members.set(member.path, member);
  }
  return [...members.values()];
}

async function placedFiles(members: readonly Member[]) {
  const { placesIn } = await import('@avow/examine/places');
  const places = placesIn(new Map(members.map(({ path, bytes }) => [path, bytes])));
  const files = members.map(({ path, digest, bytes }) => ({ path, digest, size: bytes.length }));
  return { files, ...places };
}

async function recordsOf(members: readonly Member[]): Promise<readonly StoredRecord[]> {
  const { databasesIn } = await import('@avow/formats/record');
  const { recordsOf: all } = await import('@avow/examine/record');
  return databasesIn(members).flatMap((database) =>
    [...all(database)].map(({ member, id, line, digest }) => ({ path: member, id, line, digest })),
  );
}
