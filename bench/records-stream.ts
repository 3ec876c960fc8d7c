/**
 * A database of 5 million synthetic records, in bounded memory:
 * `node bench/records-stream.ts [COUNT]` reads and derives what each does from
 * pieces that are made as they are asked for, in a process of its own for each
 * row, and prints the most memory that it took (peak RSS). Bounded means: five
 * times the records take no more.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { featuresOf, Sight } from '@avow/examine/record';
import { NO_CONTEXT, RECORD_READERS } from '@avow/formats/record';

const LINES_A_PIECE = 4_096;

/** Body signatures, each of its own: names and digits from a generator of numbers. */
function* pieces(count: number): Generator<Uint8Array> {
  let state = 1;
  const digits = (): string => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state.toString(16).padStart(8, '0');
  };
  for (let from = 0; from < count; from += LINES_A_PIECE) {
    const lines: string[] = [];
    for (let index = from; index < Math.min(count, from + LINES_A_PIECE); index++) {
      const hex = digits() + digits() + digits();
      lines.push(`Win.Trojan.Agent-${6_000_000 + index}-0:1:EP+0:${hex}??${digits()}`);
    }
    yield Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  }
}

function read(count: number): number {
  const sight = new Sight(
    JSON.parse(readFileSync(new URL('../rules/records/update.json', import.meta.url), 'utf8')),
  );
  let alerts = 0;
  const member = { path: 'a.ndb', pieces: pieces(count) };
  for (const record of RECORD_READERS.clamav.read(member, NO_CONTEXT))
    alerts += featuresOf(record, sight).filter(({ action }) => action === 'alert').length;
  return alerts;
}

if (process.argv[2] === 'read') {
  const count = Number(process.argv[3]);
  const alerts = read(count);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.log(JSON.stringify({ alerts, maxRSS, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
} else {
  const most = Number(process.argv[2] ?? 5_000_000);
  console.log('| records | with what they do | CPU | peak memory |\n|---|---|---|---|');
  for (const count of [most / 5, most]) {
    const child = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.url), 'read', String(count)],
      { encoding: 'utf8' },
    );
    const { alerts, maxRSS, cpu } = JSON.parse(child.stdout);
    console.log(
      `| ${count.toLocaleString('en')} | ${alerts.toLocaleString('en')} | ${cpu.toFixed(1)} s | ${Math.round(maxRSS / 1000)} MB |`,
    );
  }
}
