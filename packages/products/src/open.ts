import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refused } from '@avow/bytes';
import { openFileProduct } from './archive.ts';
import { openDebProduct } from './deb.ts';
import { attempt } from './disk.ts';
import { openFolderProduct } from './folder.ts';
import { openListProduct } from './listed.ts';
import { openNpmProduct } from './npm.ts';
import type { Product, ProductOptions } from './product.ts';

/**
 * Opens what a user names: a folder, an archive or file, `npm:NAME[@VERSION]`,
 * `deb:NAME[=VERSION]`, `list:FILE` for a folder that is kept by its list. A file may have its kind before it (`vsix:`, `crx:`,
 * `deb:`), though the content decides.
 *
 * Refuses `product.missing`, `product.unreadable`, `product.too-large` and
 * what the way of fetching refuses (docs/products.md).
 */
export async function openProduct(
  spec: string,
  options: ProductOptions = { folder: process.cwd() },
): Promise<Product> {
  // An unset shell variable must not mean the folder that one happens to be in.
  if (spec.trim() === '') throw new Refused('product.missing', undefined, 'no product is named');
  if (/^(?:https?|ftp|git(?:\+\w+)?|ssh):\/\//i.test(spec)) {
    const found = `${spec} is an address, and only registries are asked: fetch it yourself, and name the file`;
    throw new Refused('product.missing', undefined, found);
  }
  if (spec.startsWith('npm:')) return await openNpmProduct(spec.slice(4), options);
  if (spec.startsWith('list:')) return await openListProduct(spec.slice(5), options);
  const path = spec.replace(/^(file|vsix|crx|deb):/, '');
  const isDebName = spec.startsWith('deb:') && !/[/\\]|\.deb$/.test(path);
  if (isDebName) return await openDebProduct(path, options);
  const stat = attempt(path, () => statSync(resolve(options.folder, path)));
  return stat.isDirectory()
    ? openFolderProduct(path, options)
    : await openFileProduct(path, options);
}
