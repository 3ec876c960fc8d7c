/**
 * Machine code: our way from bytes to call sites with text arguments beside
 * `objdump -d` and a bare read of the same bytes, in one run:
 * node bench/native.ts [FILE…] (by default this Node and some of /usr/bin).
 *
 * CPU seconds of one thread, user and system; the best of `ROUNDS`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { observeNative } from '@avow/examine/native';
import {
  type NativeImage,
  nativeKindOf,
  readNative,
  sweepCode,
  textAt,
  visitArguments,
} from '@avow/formats/native';
import { rules } from '@avow/workers';

const ROUNDS = 3;
const given = process.argv.slice(2);
const files = (
  given.length > 0 ? given : [process.execPath, '/usr/bin/gdb', '/usr/bin/git']
).filter((path) => existsSync(path));

for (const path of files) {
  const bytes = readFileSync(path);
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
console.log(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);

function best(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
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
    visitArguments(
      image,
      code,
      (site) => code.sites.kind[site]! <= 1,
      ({ values }) => {
        for (const { kind, value } of values) {
          if (kind === 'address' && textAt(image, value) !== undefined) texts += 1;
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
