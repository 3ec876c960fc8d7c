import { diffExaminations, type ExaminationDiff } from '@avow/examine';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { diffText } from '../render/diff.ts';

interface DiffOptions extends ReadingOptions {
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly quiet?: boolean;
}

export async function diffCommand(
  before: string,
  after: string,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr, options.quiet !== true);
  const diff = await withExaminer(options, progress, signal, async (examiner) => {
    const old = await examiner.examine(await examiner.open(before));
    return diffExaminations(old, await examiner.examine(await examiner.open(after)));
  });
  const output = outputTo(options.output);
  await output.write(
    options.format === 'json'
      ? `${JSON.stringify(diff, undefined, 1)}\n`
      : diffText(diff, output.terminal, options.quiet === true),
  );
  return statusOf(diff);
}

function statusOf({ features, old, new: now }: ExaminationDiff): ExitStatus {
  if (features.gained.length > 0) return EXIT.findings;
  return old.isWhole && now.isWhole ? EXIT.ok : EXIT.incomplete;
}
