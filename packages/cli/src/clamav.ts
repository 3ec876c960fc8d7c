import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ProductMember } from '@avow/formats';
import type { Product } from '@avow/products';
import type { Signers } from '@avow/workers';
import { UsageError } from './errors.ts';

/** Options that say whom to trust with ClamAV files. */
export interface SignerOptions {
  /** Files of root certificates, PEM. */
  readonly ca?: readonly string[];
  /** A JSON file of public keys, `{"cvd": {"n": "…", "e": "…"}, "info": …, "cdiff": …}`, decimal. */
  readonly keys?: string;
}

export async function signersOf({ ca = [], keys }: SignerOptions): Promise<Signers> {
  const roots: Uint8Array[] = [];
  for (const file of ca) {
    const found = [...(await textOf(file)).matchAll(CERTIFICATE)];
    if (found.length === 0)
      throw new UsageError(`${file} holds no certificate`, 'give certificates in PEM');
    roots.push(...found.map((match) => new Uint8Array(Buffer.from(match[1]!, 'base64'))));
  }
  return { roots, ...(keys === undefined ? {} : { keys: await keysIn(keys) }) };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

async function keysIn(file: string): Promise<NonNullable<Signers['keys']>> {
  const text = await textOf(file);
  try {
    const all = JSON.parse(text);
    const keyOf = (name: string) => ({ n: BigInt(all[name].n), e: BigInt(all[name].e) });
    return { cvd: keyOf('cvd'), info: keyOf('info'), cdiff: keyOf('cdiff') };
  } catch {
    throw new UsageError(
      `${file} does not hold three public keys`,
      'write {"cvd": {"n": "…", "e": "…"}, "info": {…}, "cdiff": {…}}, numbers decimal as texts',
    );
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    throw new UsageError((error as Error).message, 'name a file that can be read');
  }
}

/** More scripts than this in one folder are not one update's. */
const MAX_FILES = 400;

/**
 * Files that stand beside a ClamAV file which is a product by itself:
 * signatures of it, and with `scripts` the maker's `.cdiff` files of the same
 * database. What is a folder has them among its members.
 */
export async function filesBeside(
  spec: string,
  { kind }: Product,
  scripts: boolean,
): Promise<ProductMember[]> {
  const path = spec.replace(/^file:/, '');
  const [, stem, extension] = /^(.*?)(?:-\d+)?\.(cvd|cld|cud|cdiff)$/i.exec(basename(path)) ?? [];
  if (kind !== 'file' || stem === undefined) return [];
  const isOf = (name: string) => {
    if (name === `${basename(path)}.sign`) return true;
    if (!name.startsWith(`${stem}-`)) return false;
    const rest = /^\d+\.(\w+)(\.sign)?$/.exec(name.slice(stem.length + 1));
    if (rest === null) return false;
    return rest[2] === undefined
      ? scripts && rest[1] === 'cdiff'
      : rest[1] === extension && extension !== 'cdiff';
  };
  const names = (await readdir(dirname(path))).filter(isOf).sort().slice(0, MAX_FILES);
  const files: ProductMember[] = [];
  for (const name of names)
    files.push({ path: name, bytes: await readFile(join(dirname(path), name)) });
  return files;
}
