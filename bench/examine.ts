/**
 * `npm run bench`: the ten packages of `packages.json`, examined by Avow (cold
 * without flows, which is what js-x-ray does; cold with flows; from the cache),
 * read by js-x-ray, and merely parsed, on the same Node in the same run: once
 * all ten by one command, as CI does with a list of packages, and once each by
 * a command of its own. Every program is treated alike. Prints tables and
 * writes them to `results/`.
 *
 * MB are 10^6 bytes of `.js`, `.mjs` and `.cjs`, though Avow reads TypeScript,
 * HTML and manifests besides. CPU time has all child processes in it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedPackages, tarballOf } from './examine/corpus.ts';
import { type Cost, costOf } from './examine/measure.ts';
import { type Measured, reportOf } from './examine/report.ts';
import { scriptsOf } from './examine/scripts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const AVOW = here('../packages/cli/bin/avow.js');

/** In this order, so that each finds what the one before it left. */
const AVOW_WAYS = [
  ['avow, cold, no flows', '--no-cache', '--no-flows'],
  ['avow, cold'],
  ['avow, cached'],
] as const;

const OTHERS = [
  ['js-x-ray 16.0.0', 'examine/peer.ts'],
  ['bare parse', 'examine/bare-parse.ts'],
] as const;

/** What one command is given: one package, or all of them. */
interface Given {
  readonly name: string;
  readonly tarballs: readonly string[];
  readonly megabytes: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'avow-bench-'));
try {
  preparePeer();
  const [before] = loadavg();
  const each = await given();
  const all: Given = {
    name: `all ${each.length}`,
    tarballs: each.flatMap(({ tarballs }) => tarballs),
    megabytes: each.reduce((sum, { megabytes }) => sum + megabytes, 0),
  };
  const together = await measured(all);
  const apart: Measured[] = [];
  for (const one of each) apart.push(...(await measured(one)));
  const report = reportOf(together, apart, [before!, loadavg()[0]!]);
  process.stdout.write(report);
  writeFileSync(here('results/examine.md'), report);
  const rows = JSON.stringify([...together, ...apart], undefined, 1);
  writeFileSync(here('results/examine.json'), `${rows}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function given(): Promise<Given[]> {
  const all: Given[] = [];
  for (const pinned of pinnedPackages()) {
    const tarball = tarballOf(pinned);
    let bytes = 0;
    for await (const script of scriptsOf(tarball)) bytes += script.bytes.length;
    const name = `${pinned.name}@${pinned.version}`;
    all.push({ name, tarballs: [tarball], megabytes: bytes / 1e6 });
  }
  return all;
}

async function measured(subject: Given): Promise<Measured[]> {
  const rows: Measured[] = [];
  const add = (program: string, cost: Cost, unread: readonly string[]): void => {
    process.stderr.write(`${program} ${subject.name}: ${cost.cpuSeconds.toFixed(2)} s CPU\n`);
    const megabytes = (bytes: number | undefined) =>
      bytes === undefined ? undefined : bytes / 1e6;
    rows.push({
      program,
      package: subject.name,
      megabytes: subject.megabytes,
      cpuSeconds: cost.cpuSeconds,
      wallSeconds: cost.wallSeconds,
      peakMegabytes: megabytes(cost.peakBytes),
      peakSummedMegabytes: megabytes(cost.peakSummedBytes),
      unread,
    });
  };
  const result = join(scratch, 'result.json');
  const cache = mkdtempSync(join(scratch, 'cache-'));
  for (const [program, ...flags] of AVOW_WAYS) {
    const examine = [process.execPath, AVOW, 'examine', ...subject.tarballs, ...flags];
    const cost = await costOf([...examine, '--format', 'json', '--output', result], {
      AVOW_CACHE: cache,
    });
    if (![0, 1, 3].includes(cost.status ?? -1))
      throw new Error(`${program} failed:\n${cost.stderr}`);
    add(program, cost, unreadIn(result));
  }
  for (const [program, script] of OTHERS) {
    const read = [process.execPath, '--max-old-space-size=8192', here(script), ...subject.tarballs];
    const cost = await costOf(read);
    if (cost.status !== 0) throw new Error(`${program} failed:\n${cost.stderr}`);
    add(program, cost, JSON.parse(cost.stdout).unread);
  }
  return rows;
}

/** Paths of modules that a result, or each of several, one a line, calls unread. */
function unreadIn(result: string): string[] {
  const text = readFileSync(result, 'utf8');
  const documents = text.startsWith('{\n') ? [text] : text.trimEnd().split('\n');
  return documents.flatMap((document) => {
    const { modules } = JSON.parse(document);
    return modules
      .filter((module: { state: string }) => module.state === 'unread')
      .map((module: { path: string }) => module.path);
  });
}

function preparePeer(): void {
  if (existsSync(here('js-x-ray/node_modules'))) return;
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: here('js-x-ray'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`js-x-ray cannot be installed:\n${stderr}`);
}
