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
      `"${spec}" is not NAME, NAME@VERSION, NAME@RANGE or NAME@TAG`,
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
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const attempt = async (retries: readonly string[]) => {
    const { output, errors } = await npm([...args, ...retries, '--', spec], options);
    return npmReport(output) ?? npmFailure(output, errors, spec);
  };
  let packed = await attempt(SOON_TOLD);
  if (isNetworkFailure(packed) && (await hasOwnRetries(options))) packed = await attempt([]);
  if (packed !== 'no-version') {
    if (packed instanceof Refused) throw packed;
    return packed;
  }
  const near = await nearestVersions(spec, (view) => npm(view, options));
  throw new Refused('npm.no-version', undefined, `no version answers to ${spec}${near}`);
}

/**
 * By itself npm asks three times over 70 seconds before it says that there is
 * no network. Asked so, it says so after some four.
 */
const SOON_TOLD = ['--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=3000'];

/** What npm 7 to 11 do when nobody says otherwise. */
const OWN_RETRIES =
  /^(?:fetch-retries *= *2|fetch-retry-mintimeout *= *10000|fetch-retry-maxtimeout *= *60000)$/;

function isNetworkFailure(packed: unknown): boolean {
  return packed instanceof Refused && packed.code === 'npm.network';
}

/** Whether the user's configuration says how often and how long to ask: then that is done too. */
async function hasOwnRetries(options: ProductOptions): Promise<boolean> {
  const keys = ['fetch-retries', 'fetch-retry-mintimeout', 'fetch-retry-maxtimeout'];
  const { status, output } = await npm(['config', 'get', ...keys], options);
  const lines = output.trim().split('\n');
  return (
    status === 0 && lines.length === keys.length && !lines.every((line) => OWN_RETRIES.test(line))
  );
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
