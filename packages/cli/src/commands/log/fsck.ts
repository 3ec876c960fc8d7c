import { fsckLog } from '@avow/log';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { progressLine } from './progress.ts';
import { readLog } from './read.ts';

/** Re-derives a log from its entries and says what does not fit. */
export async function fsckCommand(
  log: string,
  options: { readonly key?: string; readonly mirror?: string },
): Promise<ExitStatus> {
  const { source, checkpoint } = await readLog(log, options.key, options.mirror);
  const progress = progressLine();
  const report = await fsckLog(source, checkpoint, (entries) =>
    progress.show(`${entries} of ${checkpoint.size} entries`),
  );
  progress.end();
  const lines = [
    ...report.faults.map(({ path, code, message }) => `${path}: ${message} (${code})`),
    ...report.chainFaults.map(({ index, message }) => `entry ${index}: ${message}`),
    `${report.entries} of ${checkpoint.size} entries and ${report.tiles} files of ${checkpoint.origin} derived again`,
    report.faults.length === 0 ? 'Everything is as the entries make it.' : 'The log is damaged.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return report.faults.length + report.chainFaults.length === 0 ? EXIT.ok : EXIT.findings;
}
