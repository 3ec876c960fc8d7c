/**
 * Machine code and WebAssembly: our way from bytes to call sites with text
 * arguments beside `objdump -d` and a bare read of the same bytes, in one run:
 * node bench/native.ts [FILE…] (by default this Node, some of /usr/bin and the
 * WebAssembly of our own dependencies).
 *
 * CPU seconds of one thread, user and system; the best of at least `ROUNDS`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { observeNative } from '@avow/examine/native';
import {
  type NativeImage,
  nativeKindOf,
  readNative,
  sweepCode,
  textAt,
  visitArguments,
} from '@avow/formats/native';
import { readWasm } from '@avow/formats/wasm';
import { rules } from '@avow/workers';

const ROUNDS = 3;
/** Short work is done again, so that what is measured is not the compiling of it. */
const MIN_MS = 1000;
const given = process.argv.slice(2);
const files = (
  given.length > 0
    ? given
    : [
        process.execPath,
        '/usr/bin/gdb',
        '/usr/bin/git',
        fromRoot('node_modules/@oxc-parser/binding-linux-x64-gnu/parser.linux-x64-gnu.node'),
        fromRoot('node_modules/@virustotal/yara-x/pkg/yara_x_js_bg.wasm'),
        fromRoot('node_modules/@alexaltea/capstone-js/dist/capstone.wasm'),
      ]
).filter((path) => existsSync(path));

for (const path of files) {
  const bytes = readFileSync(path);
  if (isWasm(bytes)) {
    benchWasm(path, bytes);
    continue;
  }
  const kind = nativeKindOf(bytes);
  if (kind === undefined) continue;
  const images = readNative(bytes, kind).map(({ image }) => image);
  const code = images.reduce((all, image) => all + sweepCode(image).sweptBytes, 0);
  console.log(`${path}: ${megabytes(bytes.length)} MB, ${megabytes(code)} MB of code`);
  row(
    'bytes alone',
    bytes.length,
    best(() => sumOf(bytes)),
  );
  row(
    'read',
    bytes.length,
    best(() => readNative(bytes, kind)),
  );
  row(
    'sweep',
    code,
    best(() => images.map((image) => sweepCode(image))),
  );
  row(
    'sites with texts',
    code,
    best(() => textArguments(readNative(bytes, kind).map((one) => one.image))),
  );
  row(
    'all features',
    code,
    best(() => observeNative(bytes, kind, rules())),
  );
  row('objdump -d', code, objdumpSeconds(path));
}
for (const path of files.filter((one) => one.endsWith('.node'))) fresh(path);
console.log(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function isWasm(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}

/** WebAssembly: all calls with the constants before them; nothing else here reads it. */
function benchWasm(path: string, bytes: Uint8Array): void {
  const bodies = readWasm(bytes).bodies.reduce((all, body) => all + body.end - body.offset, 0);
  console.log(`${path}: ${megabytes(bytes.length)} MB, ${megabytes(bodies)} MB of code`);
  const rows: [what: string, size: number, work: () => unknown][] = [
    ['bytes alone', bytes.length, () => sumOf(bytes)],
    ['read', bytes.length, () => readWasm(bytes)],
    ['calls with texts', bodies, () => observeNative(bytes, 'wasm', rules())],
  ];
  for (const [what, size, work] of rows) row(what, size, best(work));
}

/** A `.node` file in a process of its own, as whoever examines one package has it; the best of three. */
function fresh(path: string): void {
  const program = fileURLToPath(new URL('native-fresh.ts', import.meta.url));
  const runs = Array.from({ length: ROUNDS }, () => {
    const { stdout } = spawnSync(process.execPath, [program, path], { encoding: 'utf8' });
    return JSON.parse(stdout) as { start: number; module: number; wall: number };
  });
  const [first] = runs.sort((a, b) => a.module - b.module);
  const size = megabytes(readFileSync(path).length);
  const [start, module, wall] = [first!.start, first!.module, first!.wall].map(Math.round);
  console.log(`${path}: ${size} MB in a new process`);
  console.log(`  start-up ${start} ms, then ${module} ms of processor, ${wall} ms by the clock`);
}

function best(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  const until = performance.now() + MIN_MS;
  for (let round = 0; round < ROUNDS || performance.now() < until; round += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 1) sum += bytes[at]!;
  return sum;
}

/** The arguments of every call of an import, texts read. */
function textArguments(images: readonly NativeImage[]): number {
  let texts = 0;
  for (const image of images) {
    const code = sweepCode(image);
    const base = Number(image.base);
    visitArguments(
      image,
      code,
      (site) => code.sites.kind[site]! <= 1,
      ({ values }) => {
        for (const { kind, value } of values) {
          // Files that are not position-independent have addresses as constants.
          const isAbsolute = kind === 'constant' && base > 0 && value >= base;
          const rva = kind === 'address' ? value : isAbsolute ? value - base : Number.NaN;
          if (!Number.isNaN(rva) && textAt(image, rva) !== undefined) texts += 1;
        }
      },
    );
  }
  return texts;
}

/** Its own CPU time by the shell's `times`; undefined where it is not installed or reads no such machine. */
function objdumpSeconds(path: string): number | undefined {
  const { stdout, status } = spawnSync(
    'sh',
    ['-c', 'objdump -d "$0" >/dev/null 2>&1 || exit 1; times', path],
    {
      encoding: 'utf8',
    },
  );
  const children = stdout
    ?.trim()
    .split('\n')
    .at(-1)
    ?.match(/(\d+)m([\d.]+)s/g);
  if (status !== 0 || children == null) return undefined;
  return children.reduce((all, one) => {
    const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(one)!;
    return all + Number(minutes) * 60 + Number(seconds);
  }, 0);
}

function row(what: string, bytes: number, seconds: number | undefined): void {
  const figures =
    seconds === undefined
      ? 'not here'
      : `${seconds.toFixed(3)} s  ${megabytes(bytes / Math.max(seconds, 1e-6))} MB/s`;
  console.log(`  ${what.padEnd(18)}${figures}`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
