/**
 * Completes package-lock.json with the optional packages of other platforms.
 *
 * npm leaves out of the lock file what its registry did not give at the
 * moment, and then `npm ci` refuses the lock on every machine. A mirror that
 * lags behind gives a package for the machine at hand and not its siblings, so
 * those are added here by what their names and their parent say: exact
 * version, system, processor, C library. Run it after each `npm install`:
 * `npm run lock`. `--check` changes nothing and exits 1 when one is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  packages: Record<string, LockedPackage & Record<string, unknown>>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'wasm32'];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'wasm32',
];

/** `os`, `cpu` and `libc` of a package by its name: `@x/cli-linux-x64-musl`. Undefined for other names. */
export function platformOf(
  name: string,
): { os?: string[]; cpu?: string[]; libc?: string[] } | undefined {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = SYSTEMS.find((one) => words.includes(one));
  const cpu = PROCESSORS.find((one) => words.includes(one));
  if (os === undefined || cpu === undefined) return undefined;
  if (os === 'wasm32') return { cpu: ['wasm32'] };
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** Names of the platform packages that the lock file asks for and does not hold. */
export function missingPlatforms(lock: Lock): { name: string; version: string; parent: string }[] {
  const missing: { name: string; version: string; parent: string }[] = [];
  for (const [parent, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const isHeld =
        `node_modules/${name}` in lock.packages ||
        `${parent}/node_modules/${name}` in lock.packages;
      if (!isHeld && platformOf(name) !== undefined) missing.push({ name, version, parent });
    }
  }
  return missing;
}

function complete(lock: Lock): void {
  for (const { name, version, parent } of missingPlatforms(lock)) {
    const { dev, license } = lock.packages[parent]!;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(dev === undefined ? {} : { dev }),
      ...(license === undefined ? {} : { license }),
      optional: true,
      ...platformOf(name),
    };
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

if (import.meta.main) {
  const lock: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const missing = missingPlatforms(lock).map(({ name }) => name);
  if (missing.length > 0) console.log(`not in the lock file:\n  ${missing.join('\n  ')}`);
  if (process.argv.includes('--check')) {
    process.exitCode = missing.length > 0 ? 1 : 0;
  } else if (missing.length > 0) {
    complete(lock);
    writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
    console.log('added');
  }
}
