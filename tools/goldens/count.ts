import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refused } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import { openProduct } from '@avow/products';
import type { GoldenProduct } from './products.ts';

const AVOW = fileURLToPath(new URL('../../packages/cli/bin/avow.js', import.meta.url));
const MAX_OUTPUT = 256_000_000;

/** What a golden holds: enough to see any change, little enough to be read. */
export interface Counts {
  readonly product: string;
  readonly answer: string;
  readonly modules: number;
  /** Paths with the code of their refusal. */
  readonly unread: Readonly<Record<string, string>>;
  readonly features: Readonly<Record<string, number>>;
  readonly atInstall: Readonly<Record<string, number>>;
  readonly unknowns: Readonly<Record<string, number>>;
  readonly recipients: Readonly<Record<string, readonly string[]>>;
}

export function goldenPath({ name }: GoldenProduct): string {
  return fileURLToPath(new URL(`./counts/${name}.json`, import.meta.url));
}

/** Examines a product by the command line; undefined, with the reason told, where the registry cannot be had. */
export async function countsOf(
  product: GoldenProduct,
  tell: (reason: string) => void,
): Promise<Counts | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-golden-'));
  try {
    const spec = await specIn(folder, product);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [AVOW, 'examine', spec, '--format', 'json'],
      { encoding: 'utf8', maxBuffer: MAX_OUTPUT },
    );
    if (status === 4) return tell(stderr.split('\n')[0]!) as undefined;
    if (![0, 1, 3].includes(status ?? -1)) throw new Error(stderr);
    return countsIn(JSON.parse(stdout));
  } catch (error) {
    if (error instanceof Refused && error.code.startsWith('npm.')) {
      return tell(error.found.split('\n')[0]!) as undefined;
    }
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The package itself, or the file that it brings. */
async function specIn(folder: string, { spec, member }: GoldenProduct): Promise<string> {
  if (member === undefined) return spec;
  const product = await openProduct(spec);
  for await (const found of product.members()) {
    if (!('bytes' in found) || found.path !== member) continue;
    const path = join(folder, basename(member));
    writeFileSync(path, found.bytes);
    return path;
  }
  throw new Error(`${spec} has no ${member}`);
}

function countsIn({ product, answer, modules, features, unknowns }: Examination): Counts {
  const atInstall = features.filter(({ when }) => when === 'install');
  return {
    product: product.target,
    answer,
    modules: modules.length,
    unread: Object.fromEntries(
      modules
        .filter(({ state }) => state === 'unread')
        .map(({ path, why }) => [path, why?.code ?? '']),
    ),
    features: tally(features.map(({ feature }) => feature)),
    atInstall: tally(atInstall.map(({ feature }) => feature)),
    unknowns: tally(unknowns.map(({ why }) => why.code)),
    recipients: recipientsIn(features),
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(words, (word) => word);
  return Object.fromEntries(
    [...groups].map(([word, { length }]) => [word, length] as const).sort(),
  );
}

/** Of what leaves and what runs, to whom and what. */
function recipientsIn(features: Examination['features']): Record<string, string[]> {
  const telling = features.filter(({ feature }) => /^(net\.|exec\.|install\.)/.test(feature));
  const groups = Map.groupBy(telling, ({ feature }) => feature);
  return Object.fromEntries(
    [...groups].map(([feature, places]) => [
      feature,
      [...new Set(places.flatMap(({ recipient }) => recipient ?? []))].sort(),
    ]),
  );
}

export function readGolden(product: GoldenProduct): Counts {
  return JSON.parse(readFileSync(goldenPath(product), 'utf8'));
}
