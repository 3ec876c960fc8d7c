import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One file that pages load. */
export interface Asset {
  /** Below the portal: `/assets/NAME-HASH.EXT`, which never means other bytes. */
  readonly path: string;
  readonly type: 'text/css; charset=utf-8' | 'text/javascript; charset=utf-8';
  readonly bytes: Uint8Array;
}

/** The styles and the islands of script, each a bundle under a name made of its content. */
export interface Assets {
  readonly style: string;
  /** Paths of the islands by name: `island('locator')`. */
  island(name: string): string;
  at(path: string): Asset | undefined;
}

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = '/assets/';

/** What esbuild puts into a name for its content. */
const HASH = /-[0-9A-Z]{8}(?=\.)/;

/**
 * Bundles `style/style.css` and every file of `islands/`, sources here and
 * JavaScript where it is published. It takes about 50 ms, once at start, so that
 * there is no build step to run from source.
 */
export async function bundleAssets(): Promise<Assets> {
  const { build } = await import('esbuild');
  const islands = readdirSync(join(ROOT, 'islands')).filter((name) => /\.[jt]s$/.test(name));
  const result = await build({
    entryPoints: [
      join(ROOT, 'style', 'style.css'),
      ...islands.map((name) => join(ROOT, 'islands', name)),
    ],
    outdir: ROOT,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: {},
  });
  const files = new Map<string, Asset>(
    result.outputFiles.map(({ path, contents }) => {
      const name = basename(path);
      const type = name.endsWith('.css')
        ? 'text/css; charset=utf-8'
        : 'text/javascript; charset=utf-8';
      return [FOLDER + name, { path: FOLDER + name, type, bytes: contents }];
    }),
  );
  const named = (name: string, extension: string) => {
    const path = [...files.keys()].find(
      (one) => one.replace(HASH, '') === `${FOLDER}${name}.${extension}`,
    );
    if (path === undefined) throw new Error(`no ${name}.${extension} among the portal's files`);
    return path;
  };
  return {
    style: named('style', 'css'),
    island: (name) => named(name, 'js'),
    at: (path) => files.get(path),
  };
}
