import type { Examination } from '@avow/examine';
import type { GivenCapa } from '@avow/examine/capa';
import type { Product } from '@avow/products';
import { besideOf } from '../beside.ts';
import { declarationIn } from '../declaration.ts';
import { UsageError } from '../errors.ts';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import type { ExitStatus } from '../exit.ts';
import { type Output, outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { gateOf, statusOf } from './examine-status.ts';
import type { GateOptions } from './gate-options.ts';
import { folderWithin, linksInto, type RenderOptions, rendered } from './rendered.ts';

export interface ExamineOptions extends ReadingOptions, GateOptions, RenderOptions {
  readonly output?: string;
  readonly declaration?: string;
  readonly with?: readonly string[];
  readonly rules?: string;
  readonly explain?: string;
}

export async function examineCommand(
  spec: string,
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr, options.quiet !== true);
  const output = outputTo(options.output);
  const gate = await gateOf(options);
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
      ? await rendered(
          examination,
          product,
          options,
          output,
          linksInto(spec, product),
          folderWithin(spec, product),
        )
      : await explained(examination, product, options.explain, output);
  await output.write(text);
  return statusOf(examination, gate);
}

export async function capaIn(folder: string, progress: Progress): Promise<GivenCapa> {
  progress.say(`reading the rules in ${folder}`);
  const { outsideRulesIn } = await import('../outside-rules.ts');
  return outsideRulesIn(folder);
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
