import { availableParallelism, cpus } from 'node:os';

/** What one program took for one package, or for all by one command. */
export interface Measured {
  readonly program: string;
  readonly package: string;
  /** Of script. */
  readonly megabytes: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number | undefined;
  readonly peakSummedMegabytes: number | undefined;
  readonly unread: readonly string[];
}

/** The tables: all packages by one command; a command each, summed; each package. */
export function reportOf(
  together: readonly Measured[],
  apart: readonly Measured[],
  loads: readonly number[],
): string {
  const programs = [...Map.groupBy(apart, ({ program }) => program)];
  const summed = programs.map(([program, rows]) => sumOf(program, rows));
  const { megabytes } = together[0]!;
  const shownLoads = loads.map((load) => load.toFixed(1)).join(' before, ');
  const lines = [
    '# Speed of examining',
    '',
    `${megabytes.toFixed(1)} MB of script; Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'CPU'}; load average ${shownLoads} after. Made by \`npm run bench\`.`,
    '',
    'Peak MB: of all processes together, each page once; in brackets the sum of what each has resident.',
    '',
    '## All packages by one command',
    '',
    'Each program reads all of them in one run, as CI does with a list of packages: what it loads and compiles, it loads and compiles once.',
    '',
    ...table(together),
    '',
    '## Each package by a command of its own',
    '',
    'Summed over the packages; the peak is the highest of any.',
    '',
    ...table(summed),
    '',
    '| package | MB | program | CPU s | wall s | peak MB | unread |',
    '|---|---:|---|---:|---:|---:|---|',
    ...apart.map(
      (row) =>
        `| ${row.package} | ${row.megabytes.toFixed(1)} | ${row.program} | ${row.cpuSeconds.toFixed(2)} | ${row.wallSeconds.toFixed(2)} | ${row.peakMegabytes?.toFixed(0) ?? ''} | ${row.unread.join(', ')} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function sumOf(program: string, rows: readonly Measured[]): Measured {
  const sum = (of: (row: Measured) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    program,
    package: '',
    megabytes: sum((row) => row.megabytes),
    cpuSeconds: sum((row) => row.cpuSeconds),
    wallSeconds: sum((row) => row.wallSeconds),
    peakMegabytes: Math.max(...rows.map((row) => row.peakMegabytes ?? 0)),
    peakSummedMegabytes: Math.max(...rows.map((row) => row.peakSummedMegabytes ?? 0)),
    unread: rows.flatMap((row) => row.unread),
  };
}

function table(rows: readonly Measured[]): string[] {
  const speed = (row: Measured) => row.megabytes / row.cpuSeconds;
  const peer = rows.find(({ program }) => program.startsWith('js-x-ray'))!;
  return [
    '| program | MB/CPU-second | × js-x-ray | CPU s | wall s | wall/CPU | peak MB | unread |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      (row) =>
        `| ${row.program} | ${speed(row).toFixed(1)} | ${(speed(row) / speed(peer)).toFixed(1)} | ${row.cpuSeconds.toFixed(1)} | ${row.wallSeconds.toFixed(1)} | ${(row.wallSeconds / row.cpuSeconds).toFixed(2)} | ${row.peakMegabytes?.toFixed(0) ?? ''} (${row.peakSummedMegabytes?.toFixed(0) ?? ''}) | ${row.unread.length} |`,
    ),
  ];
}
