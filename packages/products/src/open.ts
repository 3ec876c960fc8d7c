import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { openFileProduct } from './archive.ts';
import { attempt } from './disk.ts';
import { openFolderProduct } from './folder.ts';
import { openNpmProduct } from './npm.ts';
import type { Product, ProductOptions } from './product.ts';

/**
 * Opens what a user names: a folder, an archive or file, `npm:NAME[@VERSION]`.
 *
 * Refuses `product.missing`, `product.unreadable`, `product.too-large` and
 * what the way of fetching refuses. See docs/products.md.
 */
export async function openProduct(
  spec: string,
  options: ProductOptions = { folder: process.cwd() },
): Promise<Product> {
  if (spec.startsWith('npm:')) return await openNpmProduct(spec.slice(4), options);
  const path = spec.replace(/^(file|vsix|crx):/, '');
  const stat = attempt(path, () => statSync(resolve(options.folder, path)));
  return stat.isDirectory()
    ? openFolderProduct(path, options)
    : await openFileProduct(path, options);
}
