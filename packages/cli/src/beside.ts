import { basename } from 'node:path';
import type { Beside } from '@avow/examine';
import type { ProductMember, UnreadMember } from '@avow/formats';
import type { Product } from '@avow/products';
import { filesBeside } from './clamav.ts';

/** Opens the database updates that are given beside a product, in the order given. */
export async function besideOf(
  specs: readonly string[],
  open: (spec: string) => Promise<Product>,
): Promise<Beside[]> {
  const all: Beside[] = [];
  for (const spec of specs) {
    const product = await open(spec);
    const { target, digest } = product;
    const members: ProductMember[] = await filesBeside(spec, product, false);
    const unread: UnreadMember[] = [];
    for await (const member of product.members()) {
      if ('why' in member) unread.push(member);
      else if (member.link === undefined) members.push(member);
    }
    all.push({ name: basename(spec), target, digest, members, unread });
  }
  return all;
}
