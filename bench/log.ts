/**
 * The log's figures, with tessera's POSIX driver beside ours in the same run
 * where there is Go. `npm run bench:log [SECONDS] [ENTRIES FOR MEMORY]`
 *
 * The targets are those of the project: 10,000 entries of 1 KiB a second
 * durably acknowledged; p99 of an append under 200 ms at half that; p99 to the
 * cosigned checkpoint under 1 s with two witnesses; a proof under 1 ms; a
 * check at no less than half the speed of bare SHA-256.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tesseraPosixPath } from '../interop/tools.ts';
import { checkTimes, verificationTime } from './log-check.ts';
import { memoryOver, pace, saturate, withLog } from './log-load.ts';

const seconds = Number(process.argv[2] ?? 10);
const entries = Number(process.argv[3] ?? 200_000);

function say(what: string, figure: string, target: string): void {
  console.log(`${what.padEnd(52)} ${figure.padStart(22)}   ${target}`);
}

const most = await withLog(0, (writer) => saturate(writer, seconds, 4096));
say('entries of 1 KiB acknowledged a second', most.perSecond.toFixed(0), 'at least 10,000');
say('  p99 of an append at that load', `${most.appendP99.toFixed(0)} ms`, '');

const tessera = tesseraFigures();
say('tessera 1.0.4 POSIX, same load', tessera, '');

const half = await withLog(2, (writer) => pace(writer, seconds, 5000));
say('at 5,000 a second: reached', half.perSecond.toFixed(0), '5,000');
say('  p99 of an append', `${half.appendP99.toFixed(1)} ms`, 'under 200 ms');
say('  p99 to cosigned by two witnesses', `${half.publishedP99.toFixed(0)} ms`, 'under 1,000 ms');

const memory = await withLog(0, (writer) => memoryOver(writer, entries, 256));
say(`resident MiB at each tenth of ${entries} entries`, memory.join(' '), 'flat');

say('one proof read and verified', `${(await verificationTime()).toFixed(3)} ms`, 'under 1 ms');

const times = await checkTimes();
const share = `${((times.sha256 / times.check) * 100).toFixed(0)} % of bare SHA-256`;
say(`check of 10,000 files, ${times.check.toFixed(2)} s`, share, 'at least 50 %');

function tesseraFigures(): string {
  const folder = mkdtempSync(join(tmpdir(), 'avow-bench-tessera-'));
  try {
    const args = [folder, `${seconds}`, '4096', '1024'];
    const printed = execFileSync(tesseraPosixPath(), args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [perSecond, p99] = printed.trim().split(' ');
    return `${perSecond}, p99 ${p99} ms`;
  } catch (error) {
    return `not run: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
