import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answer, Examination } from '@avow/examine';
import type { GivenCapa } from '@avow/examine/capa';
import type { Product } from '@avow/products';
import { besideOf } from '../beside.ts';
import { declarationIn } from '../declaration.ts';
import { UsageError } from '../errors.ts';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Output, outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import type { GateReading } from './declare-gate.ts';
import { type GateOptions, isGated } from './gate-options.ts';

type Format = 'text' | 'json' | 'sarif' | 'html';

interface ExamineOptions extends ReadingOptions, GateOptions {
  readonly format: Format;
  readonly output?: string;
  readonly declaration?: string;
  readonly with?: readonly string[];
  readonly rules?: string;
  readonly quiet?: boolean;
  readonly all?: boolean;
  readonly explain?: string;
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
  const rules = await gateOf(options);
  const declared =
    options.declaration === undefined ? undefined : declarationIn(options.declaration);
  const capa = options.rules === undefined ? undefined : await capaIn(options.rules, progress);
  const { product, examination } = await withExaminer(
    options,
    progress,
    signal,
    async (examiner) => {
      const product = await examiner.open(spec);
      const beside = await besideOf(options.with ?? [], (spec) => examiner.open(spec));
      return { product, examination: await examiner.examine(product, declared, beside) };
    },
    capa,
  );
  const text =
    options.explain === undefined
      ? await rendered(examination, product, options, output, linksInto(spec, product))
      : await explained(examination, product, options.explain, output);
  await output.write(text);
  if (rules === undefined) return STATUSES[examination.answer];
  const { passGate } = await import('./declare-gate.ts');
  const { lines, status } = passGate(examination, rules);
  process.stderr.write(`${lines.join('\n')}\n`);
  return status;
}

async function capaIn(folder: string, progress: Progress): Promise<GivenCapa> {
  progress.say(`reading the rules in ${folder}`);
  const { outsideRulesIn } = await import('../outside-rules.ts');
  return outsideRulesIn(folder);
}

async function gateOf(options: GateOptions): Promise<GateReading | undefined> {
  if (!isGated(options)) return undefined;
  const { gateRules, tellRefused } = await import('./declare-gate.ts');
  try {
    return gateRules(options);
  } catch (error) {
    throw tellRefused(error) ?? error;
  }
}

/** One flow as annotated source, by its id or the beginning of it. */
async function explained(
  examination: Examination,
  product: Product,
  id: string,
  { terminal }: Output,
): Promise<string> {
  const found = id === '' ? [] : examination.flows.filter((flow) => flow.id.startsWith(id));
  const [flow] = found;
  if (flow === undefined || found.length > 1) {
    const ids = (flow === undefined ? examination.flows : found).map((one) => one.id);
    throw new UsageError(
      flow === undefined ? `the product has no flow ${id}` : `several flows begin with ${id}`,
      ids.length === 0
        ? 'no flow was found in it; look at the result without --explain'
        : `give one of ${ids.slice(0, IDS_SHOWN).join(', ')}${ids.length > IDS_SHOWN ? ', …' : ''}`,
    );
  }
  const { textsOf } = await import('../render/explain/excerpt.ts');
  const { explainText } = await import('../render/explain/text.ts');
  return explainText(flow, await textsOf(product, [flow]), terminal);
}

const IDS_SHOWN = 6;

async function rendered(
  examination: Examination,
  product: Product,
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
    case 'html': {
      const { textsOf } = await import('../render/explain/excerpt.ts');
      const { examinationHtml } = await import('../render/html.ts');
      return examinationHtml(examination, await textsOf(product, examination.flows));
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
