import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answer, Examination } from '@avow/examine';
import type { Product } from '@avow/products';
import { declarationIn } from '../declaration.ts';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Output, outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { type GateOptions, gateRules, isGated, passGate, tellRefused } from './declare-gate.ts';

type Format = 'text' | 'json' | 'sarif';

interface ExamineOptions extends ReadingOptions, GateOptions {
  readonly format: Format;
  readonly output?: string;
  readonly declaration?: string;
  readonly quiet?: boolean;
  readonly all?: boolean;
}

const STATUSES: Readonly<Record<Answer, ExitStatus>> = {
  undeclared: EXIT.findings,
  declared: EXIT.ok,
  'none-found': EXIT.ok,
  'no-declaration': EXIT.findings,
  incomplete: EXIT.incomplete,
};

export async function examineCommand(
  spec: string,
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr, options.quiet !== true);
  const output = outputTo(options.output);
  const rules = gateOf(options);
  const declared =
    options.declaration === undefined ? undefined : declarationIn(options.declaration);
  const { product, examination } = await withExaminer(
    options,
    progress,
    signal,
    async (examiner) => {
      const product = await examiner.open(spec);
      return { product, examination: await examiner.examine(product, declared) };
    },
  );
  await output.write(await rendered(examination, options, output, linksInto(spec, product)));
  if (rules === undefined) return STATUSES[examination.answer];
  const { lines, status } = passGate(examination, rules);
  process.stderr.write(`${lines.join('\n')}\n`);
  return status;
}

function gateOf(options: GateOptions): ReturnType<typeof gateRules> | undefined {
  if (!isGated(options)) return undefined;
  try {
    return gateRules(options);
  } catch (error) {
    throw tellRefused(error) ?? error;
  }
}

async function rendered(
  examination: Examination,
  { format, quiet, all }: ExamineOptions,
  { terminal }: Output,
  linkTo: LinkTo | undefined,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(examination, undefined, 1)}\n`;
    case 'sarif': {
      const { sarifLog } = await import('../render/sarif/log.ts');
      return `${JSON.stringify(sarifLog(examination), undefined, 1)}\n`;
    }
    case 'text': {
      const { examinationText } = await import('../render/examination.ts');
      const options = { isQuiet: quiet === true, isFull: all === true };
      return examinationText(
        examination,
        terminal,
        linkTo === undefined ? options : { ...options, linkTo },
      );
    }
    default:
      return format satisfies never;
  }
}

type LinkTo = (path: string, at: string) => string | undefined;

/** Files of a folder can be opened; those within an archive have no address of their own here. */
function linksInto(spec: string, { kind }: Product): LinkTo | undefined {
  if (kind !== 'folder') return undefined;
  const folder = resolve(spec.replace(/^file:/, ''));
  return (path, at) =>
    path.includes('!/')
      ? undefined
      : `${pathToFileURL(`${folder}/${path}`).href}#${encodeURIComponent(at)}`;
}
