import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeclarationText, Examination } from '@avow/examine';
import type { Product } from '@avow/products';
import { examined, open } from './examined.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Names of the packages that are published. */
export function ownPackages(): readonly string[] {
  return globSync('packages/*/package.json', { cwd: ROOT })
    .filter((path) => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')).private !== true)
    .map((path) => path.split('/')[1]!)
    .sort();
}

/**
 * What is published of a package: the manifest, and each source, which
 * compiling only strips of its types. Tests and their data stay here.
 */
export async function published(name: string): Promise<Product> {
  const product = await open({ spec: `${ROOT}packages/${name}` });
  return {
    target: product.target,
    digest: product.digest,
    size: product.size,
    kind: product.kind,
    async *members() {
      for await (const member of product.members()) if (isPublished(member.path)) yield member;
    },
  };
}

function isPublished(path: string): boolean {
  const isSource = /^(?:src|bin)\/.*\.[cm]?[jt]s$/.test(path);
  const isTest = /\.test\.ts$|(?:^|\/)(?:testdata|corpus)\//.test(path);
  return path === 'package.json' || path === 'avow.yaml' || (isSource && !isTest);
}

/** A package of ours held to the declaration that it is published with. */
export async function ownExamined(name: string): Promise<Examination> {
  return examined(await published(name), declarationOf(name));
}

function declarationOf(name: string): DeclarationText {
  const text = readFileSync(`${ROOT}packages/${name}/avow.yaml`, 'utf8');
  return { source: `packages/${name}/avow.yaml`, form: 'avow', text };
}
