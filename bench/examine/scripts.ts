import { openProduct } from '@avow/products';

/** The scripts of a package: the same bytes for each program that is compared. */
export async function* scriptsOf(
  tarball: string,
): AsyncGenerator<{ readonly path: string; readonly bytes: Uint8Array }> {
  const product = await openProduct(tarball);
  for await (const member of product.members()) {
    if ('bytes' in member && /\.[cm]?js$/.test(member.path)) yield member;
  }
}
