import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Refused } from '@avow/bytes';
import { CONTAINER_LIMITS, openContainer } from '@avow/formats/container';
import { productOfBytes } from './archive.ts';
import { runCommand } from './command.ts';
import { readWholeFile } from './disk.ts';
import { npmFailure, npmReport } from './npm-report.ts';
import { nearestVersions } from './npm-versions.ts';
import type { Product, ProductOptions } from './product.ts';
import { npmTarget } from './purl.ts';

/**
 * A package from the user's npm registry: `NAME`, `NAME@VERSION`, `NAME@RANGE`
 * or `NAME@TAG`; its dependencies are not part of it.
 *
 * `npm pack` fetches it, so that the user's registry, scopes, proxy,
 * certificates, tokens, cache and offline mode hold, and npm checks the
 * registry's integrity value. No script of the package runs (decision 0041).
 *
 * Refuses `npm.spec`, `npm.missing`, `npm.no-version` and what `npmFailure` tells.
 */
export async function openNpmProduct(spec: string, options: ProductOptions): Promise<Product> {
  if (!isRegistrySpec(spec)) {
    throw new Refused(
      'npm.spec',
      undefined,
      `${spec} is not NAME, NAME@VERSION, NAME@RANGE or NAME@TAG`,
    );
  }
  const limits = options.limits ?? CONTAINER_LIMITS;
  const folder = mkdtempSync(join(tmpdir(), 'avow-npm-'));
  try {
    options.onProgress?.(`fetching ${spec} with npm`);
    const packed = await pack(spec, folder, options);
    const bytes = readWholeFile(join(folder, packed.filename), limits.maxTotalBytes);
    return {
      ...(await productOfBytes(bytes, packed.filename, limits)),
      target: npmTarget(packed.name, packed.version),
      members: () => openContainer(bytes, packed.filename, { limits, isNpmPackage: true }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * True for what only a registry answers. Paths, files, URLs, git addresses and
 * aliases are not: npm would build such a package, which runs its scripts
 * (npm-package-arg 14, `isFileSpec` and `isFileType`).
 */
function isRegistrySpec(spec: string): boolean {
  if (/\.(tgz|tar|tar\.gz)$/i.test(spec)) return false;
  return /^(@[\w.~-]{1,214}\/)?\w[\w.~-]{0,213}(@([\w+~^<>=|* -][\w.+~^<>=|* -]{0,255})?)?$/.test(
    spec,
  );
}

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
}

async function pack(spec: string, folder: string, options: ProductOptions): Promise<Packed> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--', spec];
  const { output, errors } = await npm(args, options);
  const packed = npmReport(output);
  if (packed !== undefined) return packed;
  const failure = npmFailure(output, errors, spec);
  if (failure !== 'no-version') throw failure;
  const near = await nearestVersions(spec, (view) => npm(view, options));
  throw new Refused('npm.no-version', undefined, `no version answers to ${spec}${near}`);
}

async function npm(args: readonly string[], options: ProductOptions) {
  const [program, ...before] = npmCommand();
  const ended = await runCommand(program, [...before, ...args], options.folder, options.signal);
  if (ended.status === undefined) {
    throw new Refused('npm.missing', undefined, 'npm is not installed, or not in PATH');
  }
  return ended;
}

/** Windows has npm as a shell script, which cannot run without a shell: there Node runs npm's own file. */
function npmCommand(): [string, ...string[]] {
  if (process.platform !== 'win32') return ['npm'];
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const running = process.env['npm_execpath'];
  return [process.execPath, running?.endsWith('npm-cli.js') ? running : beside];
}
