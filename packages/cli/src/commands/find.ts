import {
  type Candidate,
  type Examination,
  findCandidates,
  isWhole,
  mayBeDatabase,
} from '@avow/examine';
import type { Member } from '@avow/formats';
import type { Product } from '@avow/products';
import { findInRecords } from '@avow/workers';
import { type ReadingOptions, withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { candidatesText, type Found } from '../render/candidates.ts';
import { jsonText } from '../render/shown.ts';

interface FindOptions extends ReadingOptions {
  readonly format: 'text' | 'json';
  readonly output?: string;
}

export async function findCommand(
  symptom: string,
  specs: readonly string[],
  options: FindOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr, true);
  const found = await withExaminer(options, progress, signal, async (examiner) => {
    const all: Found[] = [];
    for (const spec of specs) {
      const product = await examiner.open(spec);
      all.push(await foundIn(symptom, product, await examiner.examine(product)));
    }
    return all;
  });
  const output = outputTo(options.output);
  await output.write(
    options.format === 'json'
      ? jsonText({ schema: 'avow.candidates/1', symptom, products: found }, 1)
      : candidatesText(symptom, found, output.terminal),
  );
  if (found.some(({ candidates }) => candidates.length > 0)) return EXIT.findings;
  return found.every(({ isWhole }) => isWhole) ? EXIT.ok : EXIT.incomplete;
}

async function foundIn(
  symptom: string,
  product: Product,
  examination: Examination,
): Promise<Found> {
  const members: Member[] = [];
  for await (const member of product.members()) if ('bytes' in member) members.push(member);
  return {
    target: product.target,
    isWhole: isWhole(examination),
    candidates: [
      ...(await recordCandidates(symptom, product, members)),
      ...findCandidates(symptom, examination, members),
    ],
  };
}

/** Records of databases that may have caused it: by their id, by a host they act on, by their texts. */
async function recordCandidates(
  symptom: string,
  { target }: Product,
  members: readonly Member[],
): Promise<Candidate[]> {
  const databases = members.filter(({ path, bytes }) => mayBeDatabase(path, bytes));
  const found = await findInRecords(symptom, databases, target);
  return found.map(({ locator, fit, line, evidence, does }) => ({
    locator,
    fit: 'record',
    evidence: `line ${line}: ${evidence}`,
    form: does === '' ? fit : does,
  }));
}
