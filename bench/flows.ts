/**
 * `node bench/flows.ts [--peer]`: the flows of the ten packages of
 * `packages.json`, each held against the label that a reader of the code gave
 * it (`flows-labels.json`), and what following data costs: CPU time with all
 * child processes and peak memory, without a cache, with and without flows.
 * With `--peer`, js-x-ray reads the same packages in the same run.
 *
 * Prints a table and writes it to `results/flows.md`; ends with 1 where a flow
 * has no label, or one in twenty is wrong.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Examination, Flow } from '../packages/examine/src/result.ts';
import { type Pinned, pinnedPackages, tarballOf } from './examine/corpus.ts';
import { type Cost, costOf } from './examine/measure.ts';
import { scriptsOf } from './examine/scripts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const AVOW = here('../packages/cli/bin/avow.js');
const MAX_WRONG = 0.05;

/** What a reader of the code says of one flow. */
interface Label {
  readonly package: string;
  readonly source: string;
  readonly destination: string;
  readonly from: string;
  readonly to: string;
  readonly is: 'right' | 'wrong';
  readonly why: string;
}

interface Row {
  readonly package: string;
  readonly megabytes: number;
  readonly flows: Cost;
  readonly without: Cost;
  readonly peer: Cost | undefined;
  readonly found: number;
  readonly unfinished: number;
}

const labels: readonly Label[] = JSON.parse(readFileSync(here('flows-labels.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'avow-flows-'));
const rows: Row[] = [];
const said: { readonly text: string; readonly is: Label['is'] | 'unlabelled' }[] = [];
try {
  for (const pinned of pinnedPackages()) rows.push(await rowOf(pinned));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const report = reportOf();
process.stdout.write(report);
writeFileSync(here('results/flows.md'), report);
const wrong = said.filter(({ is }) => is === 'wrong').length;
const isLabelled = said.every(({ is }) => is !== 'unlabelled');
process.exitCode = isLabelled && wrong <= said.length * MAX_WRONG ? 0 : 1;

async function rowOf(pinned: Pinned): Promise<Row> {
  const tarball = tarballOf(pinned);
  const name = `${pinned.name}@${pinned.version}`;
  let bytes = 0;
  for await (const script of scriptsOf(tarball)) bytes += script.bytes.length;
  const result = join(scratch, 'result.json');
  const examine = [process.execPath, AVOW, 'examine', tarball, '--no-cache', '--format', 'json'];
  const without = await costOf([
    ...examine,
    '--no-flows',
    '--output',
    join(scratch, 'without.json'),
  ]);
  const flows = await costOf([...examine, '--output', result]);
  const peer = process.argv.includes('--peer')
    ? await costOf([
        process.execPath,
        '--max-old-space-size=8192',
        here('examine/peer.ts'),
        tarball,
      ])
    : undefined;
  const examination: Examination = JSON.parse(readFileSync(result, 'utf8'));
  for (const flow of examination.flows) said.push(judged(name, flow));
  process.stderr.write(`${name}: ${flows.cpuSeconds.toFixed(2)} s CPU\n`);
  const unfinished = examination.unknowns.filter(({ why }) => why.code === 'flow.unfinished');
  return {
    package: name,
    megabytes: bytes / 1e6,
    flows,
    without,
    peer,
    found: examination.flows.length,
    unfinished: unfinished.length,
  };
}

function judged(name: string, { source, destination, hops }: Flow): (typeof said)[number] {
  const [from, to] = [hops[0]!, hops.at(-1)!].map(({ locator }) => {
    const [, path, line] = /#(.*?) @line:(\d+)/.exec(locator) ?? [];
    return `${path}:${line}`;
  }) as [string, string];
  const label = labels.find(
    (one) =>
      one.package === name &&
      one.source === source &&
      one.destination === destination &&
      one.from === from &&
      one.to === to,
  );
  const is = label?.is ?? 'unlabelled';
  const why = label?.why ?? 'look at it, and add it to bench/flows-labels.json';
  return {
    is,
    text: `| ${name} | ${source} | ${from} | ${destination} | ${to} | ${is} | ${why} |`,
  };
}

function reportOf(): string {
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  const megabytes = sum((row) => row.megabytes);
  const speed = megabytes / sum((row) => row.flows.cpuSeconds);
  const peak = Math.max(...rows.map((row) => (row.flows.peakBytes ?? 0) / 1e6));
  const peer = sum((row) => row.peer?.cpuSeconds ?? 0);
  return [
    '# Flows of the ten packages',
    '',
    `${megabytes.toFixed(1)} MB of script; Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}. Made by \`node bench/flows.ts\`.`,
    '',
    `With flows ${speed.toFixed(1)} MB a CPU-second, without ${(megabytes / sum((row) => row.without.cpuSeconds)).toFixed(1)}; peak ${peak.toFixed(0)} MB.${peer > 0 ? ` js-x-ray in the same run: ${(megabytes / peer).toFixed(1)} MB a CPU-second, Avow ${(speed / (megabytes / peer)).toFixed(1)} times that.` : ''}`,
    `${said.length} flows, ${said.filter(({ is }) => is === 'wrong').length} of them wrong; ${sum((row) => row.unfinished)} modules not followed to their end.`,
    '',
    '| package | MB | CPU s with flows | without | js-x-ray | peak MB | flows |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      (row) =>
        `| ${row.package} | ${row.megabytes.toFixed(1)} | ${row.flows.cpuSeconds.toFixed(2)} | ${row.without.cpuSeconds.toFixed(2)} | ${row.peer?.cpuSeconds.toFixed(2) ?? ''} | ${((row.flows.peakBytes ?? 0) / 1e6).toFixed(0)} | ${row.found} |`,
    ),
    '',
    '| package | source | at | destination | at | is | why |',
    '|---|---|---|---|---|---|---|',
    ...said.map(({ text }) => text),
    '',
  ].join('\n');
}
