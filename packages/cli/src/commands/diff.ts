import { Refused } from '@avow/bytes';
import {
  diffExaminations,
  type Examination,
  type ExaminationDiff,
  type RecordDiff,
} from '@avow/examine';
import { besideOf } from '../beside.ts';
import { UsageError } from '../errors.ts';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { diffText, noCodeText } from '../render/diff.ts';
import { Page } from '../render/page.ts';
import { jsonText } from '../render/shown.ts';
import type { Terminal } from '../render/terminal.ts';

interface DiffOptions extends ReadingOptions {
  readonly format: 'text' | 'json' | 'html';
  readonly output?: string;
  readonly quiet?: boolean;
  /** Database updates beside the two: of the old, then of the new; one is for both. */
  readonly with?: readonly string[];
}

export async function diffCommand(
  before: string,
  after: string,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  if ((options.with?.length ?? 0) > 2)
    throw new UsageError(
      '--with takes two database updates here',
      'give the one of the old, then the one of the new; a folder for several files',
    );
  const progress = new Progress(process.stderr, options.quiet !== true);
  const { diff, records, hasCode } = await withExaminer(
    options,
    progress,
    signal,
    async (examiner) => {
      const [old, now] = [await examiner.open(before), await examiner.open(after)];
      const [oldSpec, newSpec = oldSpec] = options.with ?? [];
      const open = (spec: string) => examiner.open(spec);
      const besideOld = oldSpec === undefined ? [] : await besideOf([oldSpec], open);
      const besideNew = newSpec === undefined ? [] : await besideOf([newSpec], open);
      const [oldCode, newCode] = [await examiner.examine(old), await examiner.examine(now)];
      return {
        hasCode: oldCode.modules.length + newCode.modules.length > 0,
        diff: diffExaminations(withoutRecords(oldCode), withoutRecords(newCode)),
        records: await examiner.diffRecords([old, besideOld], [now, besideNew]),
      };
    },
  );
  const output = outputTo(options.output);
  await output.write(await rendered({ diff, records, hasCode }, options, output.terminal));
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

interface Compared {
  readonly diff: ExaminationDiff;
  readonly records: RecordDiff | undefined;
  /** Databases alone have none, and then there is nothing to say of it. */
  readonly hasCode: boolean;
}

async function rendered(
  { diff, records, hasCode }: Compared,
  { format, quiet }: DiffOptions,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case 'json': {
      const { recordDiffJson } = await import('../render/record-diff-json.ts');
      const document = records === undefined ? diff : { ...diff, records: recordDiffJson(records) };
      return jsonText(document, 1);
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
      const code = hasCode ? diffText(diff, terminal, quiet === true) : noCodeText(diff, terminal);
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
