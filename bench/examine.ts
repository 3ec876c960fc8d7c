/**
 * `npm run bench`: the ten packages of `packages.json`, examined by Avow (cold
 * without flows, which is what js-x-ray does; cold with flows; from the cache),
 * read by js-x-ray, and merely parsed, on the same Node in the same run. Prints
 * a table and writes it to `results/`.
 *
 * MB are 10^6 bytes of `.js`, `.mjs` and `.cjs`, though Avow reads TypeScript,
 * HTML and manifests besides. CPU time has all child processes in it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Pinned, pinnedPackages, tarballOf } from './examine/corpus.ts';
import { type Cost, costOf } from './examine/measure.ts';
import { scriptsOf } from './examine/scripts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const AVOW = here('../packages/cli/bin/avow.js');

/** In this order, so that each finds what the one before it left. */
const AVOW_WAYS = [
  ['avow, cold, no flows', '--no-cache', '--no-flows'],
  ['avow, cold'],
  ['avow, cached'],
] as const;

interface Row {
  readonly program: string;
  readonly package: string;
  readonly megabytes: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number | undefined;
  readonly peakSummedMegabytes: number | undefined;
  readonly unread: readonly string[];
}

const scratch = mkdtempSync(join(tmpdir(), 'avow-bench-'));
try {
  preparePeer();
  const [loadBefore] = loadavg();
  const rows: Row[] = [];
  for (const pinned of pinnedPackages()) rows.push(...(await rowsOf(pinned)));
  const report = reportOf(rows, [loadBefore!, loadavg()[0]!]);
  process.stdout.write(report);
  writeFileSync(here('results/examine.md'), report);
  writeFileSync(here('results/examine.json'), `${JSON.stringify(rows, undefined, 1)}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function rowsOf(pinned: Pinned): Promise<Row[]> {
  const tarball = tarballOf(pinned);
  let bytes = 0;
  for await (const script of scriptsOf(tarball)) bytes += script.bytes.length;
  const row = (program: string, cost: Cost, unread: readonly string[]): Row => {
    process.stderr.write(`${program} ${pinned.name}: ${cost.cpuSeconds.toFixed(2)} s CPU\n`);
    return {
      program,
      package: `${pinned.name}@${pinned.version}`,
      megabytes: bytes / 1e6,
      cpuSeconds: cost.cpuSeconds,
      wallSeconds: cost.wallSeconds,
      peakMegabytes: cost.peakBytes === undefined ? undefined : cost.peakBytes / 1e6,
      peakSummedMegabytes:
        cost.peakSummedBytes === undefined ? undefined : cost.peakSummedBytes / 1e6,
      unread,
    };
  };
  const rows: Row[] = [];
  for (const [program, ...flags] of AVOW_WAYS) {
    const result = join(scratch, 'result.json');
    const cost = await costOf(
      [
        process.execPath,
        AVOW,
        'examine',
        tarball,
        ...flags,
        '--format',
        'json',
        '--output',
        result,
      ],
      { AVOW_CACHE: join(scratch, 'cache') },
    );
    if (![0, 1, 3].includes(cost.status ?? -1))
      throw new Error(`${program} failed:\n${cost.stderr}`);
    rows.push(row(program, cost, unreadIn(result)));
  }
  for (const [program, script] of [
    ['js-x-ray 16.0.0', 'examine/peer.ts'],
    ['bare parse', 'examine/bare-parse.ts'],
  ] as const) {
    const cost = await costOf([
      process.execPath,
      '--max-old-space-size=8192',
      here(script),
      tarball,
    ]);
    if (cost.status !== 0) throw new Error(`${program} failed:\n${cost.stderr}`);
    rows.push(row(program, cost, JSON.parse(cost.stdout).unread));
  }
  return rows;
}

function unreadIn(result: string): string[] {
  const { modules } = JSON.parse(readFileSync(result, 'utf8'));
  return modules
    .filter((module: { state: string }) => module.state === 'unread')
    .map((module: { path: string }) => module.path);
}

function preparePeer(): void {
  if (existsSync(here('js-x-ray/node_modules'))) return;
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: here('js-x-ray'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`js-x-ray cannot be installed:\n${stderr}`);
}

function reportOf(rows: readonly Row[], loads: readonly number[]): string {
  const programs = [...Map.groupBy(rows, ({ program }) => program)];
  const totals = programs.map(([program, ofProgram]) => {
    const sum = (of: (row: Row) => number) => ofProgram.reduce((total, row) => total + of(row), 0);
    const cpu = sum((row) => row.cpuSeconds);
    const wall = sum((row) => row.wallSeconds);
    const peak = Math.max(...ofProgram.map((row) => row.peakMegabytes ?? 0));
    const summed = Math.max(...ofProgram.map((row) => row.peakSummedMegabytes ?? 0));
    const speed = sum((row) => row.megabytes) / cpu;
    const unread = sum((row) => row.unread.length);
    return { program, cpu, wall, peak, summed, speed, unread };
  });
  const peer = totals.find(({ program }) => program.startsWith('js-x-ray'))!;
  const lines = [
    '# Speed of examining',
    '',
    `${pinnedPackages().length} packages, ${(rows.filter((row) => row.program === peer.program).reduce((sum, row) => sum + row.megabytes, 0)).toFixed(1)} MB of script; Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'CPU'}; load average ${loads.map((load) => load.toFixed(1)).join(' before, ')} after. Made by \`npm run bench\`.`,
    '',
    'Peak MB: of all processes together, each page once; in brackets the sum of what each has resident.',
    '',
    '| program | MB/CPU-second | × js-x-ray | CPU s | wall s | wall/CPU | peak MB | unread |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...totals.map(
      ({ program, speed, cpu, wall, peak, summed, unread }) =>
        `| ${program} | ${speed.toFixed(1)} | ${(speed / peer.speed).toFixed(1)} | ${cpu.toFixed(1)} | ${wall.toFixed(1)} | ${(wall / cpu).toFixed(2)} | ${peak.toFixed(0)} (${summed.toFixed(0)}) | ${unread} |`,
    ),
    '',
    '| package | MB | program | CPU s | wall s | peak MB | unread |',
    '|---|---:|---|---:|---:|---:|---|',
    ...rows.map(
      (row) =>
        `| ${row.package} | ${row.megabytes.toFixed(1)} | ${row.program} | ${row.cpuSeconds.toFixed(2)} | ${row.wallSeconds.toFixed(2)} | ${row.peakMegabytes?.toFixed(0) ?? ''} | ${row.unread.join(', ')} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
