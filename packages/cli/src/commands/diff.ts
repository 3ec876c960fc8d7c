import { Refused } from '@avow/bytes';
import {
  diffExaminations,
  type Examination,
  type ExaminationDiff,
  type RecordDiff,
} from '@avow/examine';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { diffText } from '../render/diff.ts';
import { Page } from '../render/page.ts';
import type { Terminal } from '../render/terminal.ts';

interface DiffOptions extends ReadingOptions {
  readonly format: 'text' | 'json' | 'html';
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
  const { diff, records } = await withExaminer(options, progress, signal, async (examiner) => {
    const [old, now] = [await examiner.open(before), await examiner.open(after)];
    const [oldCode, newCode] = [await examiner.examine(old), await examiner.examine(now)];
    return {
      diff: diffExaminations(withoutRecords(oldCode), withoutRecords(newCode)),
      records: await examiner.diffRecords(old, now),
    };
  });
  const output = outputTo(options.output);
  await output.write(await rendered(diff, records, options, output.terminal));
  return statusOf(diff, records);
}

/** Records are compared one by one, by what they are, not as places of features. */
function withoutRecords(examination: Examination): Examination {
  return {
    ...examination,
    features: examination.features.filter(({ record }) => record === undefined),
    flows: examination.flows.filter(({ gate }) => gate?.startsWith('record:') !== true),
  };
}

async function rendered(
  diff: ExaminationDiff,
  records: RecordDiff | undefined,
  { format, quiet }: DiffOptions,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case 'json': {
      const { recordDiffJson } = await import('../render/record-diff-json.ts');
      const document = records === undefined ? diff : { ...diff, records: recordDiffJson(records) };
      return `${JSON.stringify(document, undefined, 1)}\n`;
    }
    case 'html': {
      const { recordDiffHtml } = await import('../render/record-diff-html.ts');
      if (records === undefined)
        throw new Refused(
          'diff.no-databases',
          undefined,
          'neither has a database; use --format text',
        );
      return recordDiffHtml(records, [diff.old.target, diff.new.target]);
    }
    case 'text': {
      const code = diffText(diff, terminal, quiet === true);
      if (records === undefined) return code;
      const { recordDiffSection } = await import('../render/record-diff.ts');
      const page = new Page(terminal);
      recordDiffSection(page, records);
      return `${page.text()}\n${code}`;
    }
    default:
      return format satisfies never;
  }
}

function statusOf(
  { features, old, new: now }: ExaminationDiff,
  records: RecordDiff | undefined,
): ExitStatus {
  if (records !== undefined && records.alarms.length > 0) return EXIT.alarm;
  const isNew = records?.delta.some(({ rank, gained }) => rank !== 'low' && gained > 0) === true;
  if (features.gained.length > 0 || isNew) return EXIT.findings;
  return old.isWhole && now.isWhole ? EXIT.ok : EXIT.incomplete;
}
