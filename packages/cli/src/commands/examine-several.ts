import type { Examination } from '@avow/examine';
import type { Log, Run } from 'sarif';
import { tellError, UsageError } from '../errors.ts';
import { type Examiner, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Output, outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { jsonText } from '../render/shown.ts';
import type { GateReading } from './declare-gate.ts';
import { capaIn, type ExamineOptions } from './examine.ts';
import { gateOf, statusOf } from './examine-status.ts';
import { folderWithin, linksInto, rendered } from './rendered.ts';

/** The gravest first: a product that could not be had is not made good by others that could. */
const GRAVITY: readonly ExitStatus[] = [
  ...[EXIT.fault, EXIT.refused, EXIT.usage, EXIT.findings, EXIT.incomplete, EXIT.ok],
];

/**
 * Examines products one after another, each with the same children, whose code
 * is compiled once for all of them: what CI does with a list of packages. Of
 * one that cannot be had it is told on standard error, and the others are
 * examined. The exit status is the gravest.
 *
 * As JSON, one document a line, in the order given; as SARIF, one log with a
 * run for each.
 */
export async function examineSeveral(
  specs: readonly string[],
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  refuseForSeveral(options);
  const progress = new Progress(process.stderr, options.quiet !== true);
  const sheet = sheetFor(options, outputTo(options.output));
  const gate = await gateOf(options);
  const capa = options.rules === undefined ? undefined : await capaIn(options.rules, progress);
  const statuses: ExitStatus[] = [];
  const work = async (examiner: Examiner) => {
    for (const spec of specs) statuses.push(await examined(examiner, spec, sheet, gate));
  };
  await withExaminer(options, progress, signal, work, capa);
  await sheet.end();
  return GRAVITY.find((status) => statuses.includes(status)) ?? statuses[0]!;
}

async function examined(
  examiner: Examiner,
  spec: string,
  sheet: Sheet,
  gate: GateReading | undefined,
): Promise<ExitStatus> {
  try {
    const product = await examiner.open(spec);
    const examination = await examiner.examine(product);
    await sheet.add(examination, folderWithin(spec, product), (output, options) => {
      return rendered(examination, product, options, output, linksInto(spec, product));
    });
    return await statusOf(examination, gate);
  } catch (error) {
    return tellError(error, process.stderr);
  }
}

/** What speaks of one product, or is one page. */
function refuseForSeveral(options: ExamineOptions): void {
  const given = [
    ...(options.explain === undefined ? [] : ['--explain']),
    ...(options.declaration === undefined ? [] : ['--declaration']),
    ...(options.with === undefined ? [] : ['--with']),
    ...(options.baseline === undefined ? [] : ['--baseline']),
    ...(options.format === 'html' ? ['--format html'] : []),
  ];
  if (given.length === 0) return;
  const message = `${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} for one product`;
  throw new UsageError(message, 'examine the products one by one');
}

type Render = (output: Output, options: ExamineOptions) => Promise<string>;

/** Where results go, each when it is there, or all at the end. */
interface Sheet {
  /** `folder`: where the product stands in the one that the command runs in. */
  add(examination: Examination, folder: string | undefined, render: Render): Promise<void>;
  end(): Promise<void>;
}

function sheetFor(options: ExamineOptions, output: Output): Sheet {
  const kept: string[] = [];
  const runs: Run[] = [];
  const write = async (text: string) => {
    if (options.output === undefined) await output.write(text);
    else kept.push(text);
  };
  let isFirst = true;
  return {
    add: async (examination, folder, render) => {
      switch (options.format) {
        case 'json':
          return write(jsonText(examination));
        case 'sarif': {
          const { sarifLog } = await import('../render/sarif/log.ts');
          runs.push(...sarifLog(examination, folder).runs);
          return;
        }
        default:
          await write(`${isFirst ? '' : '\n\n'}${await render(output, options)}`);
          isFirst = false;
      }
    },
    end: async () => {
      if (options.format === 'sarif') {
        const { SARIF } = await import('../render/sarif/log.ts');
        const log: Log = { ...SARIF, runs };
        await output.write(jsonText(log, 1));
      } else if (options.output !== undefined) await output.write(kept.join(''));
    },
  };
}
