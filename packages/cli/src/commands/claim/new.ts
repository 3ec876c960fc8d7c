import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { type HandedIn, REASONS } from '@avow/docket';
import { declarationIn } from '../../declaration.ts';
import { UsageError } from '../../errors.ts';
import { withExaminer } from '../../examiner.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { Progress } from '../../progress.ts';
import { shown } from '../../render/shown.ts';
import { CLOCK, type DocketOptions, type Now, tell, withDocket } from './open.ts';
import { storedOf } from './stored.ts';

export interface NewOptions extends DocketOptions {
  readonly by: string;
  readonly text?: string;
  readonly file?: string;
  readonly complete?: string;
  readonly declaration?: string;
  readonly cache: boolean;
}

/** Makes a claim, or completes one that was turned back. */
export async function newCommand(
  products: readonly string[],
  options: NewOptions,
  signal: AbortSignal,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  const text = await textOf(options);
  return withDocket(options, now, async (docket) => {
    // Kept before anything can go wrong with the products.
    const claim =
      options.complete === undefined
        ? await docket.write(options.by, text)
        : await docket.claim(options.complete);
    const progress = new Progress(process.stderr, true);
    const declaration =
      options.declaration === undefined ? undefined : declarationIn(options.declaration);
    const stored = await withExaminer(
      { cache: options.cache },
      progress,
      signal,
      async (examiner) => {
        const all = [];
        for (const spec of products) all.push(await storedOf(examiner, spec, declaration));
        return all;
      },
    );
    if (declaration !== undefined) await docket.keep(new TextEncoder().encode(declaration.text));
    const answer = await docket.handIn(claim.id, text, stored);
    tell(answer, linesOf(answer), options.json);
    return answer.state === 'valid' ? EXIT.ok : EXIT.findings;
  });
}

async function textOf({ text, file }: NewOptions): Promise<string> {
  if (text !== undefined) return text.replaceAll('\\n', '\n');
  if (file !== undefined) return readFileSync(file === '-' ? 0 : file, 'utf8');
  if (process.stdin.isTTY !== true) return readFileSync(0, 'utf8');
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const answers: string[] = [];
  for (const question of QUESTIONS) {
    const answer = await asked.question(`${question.asks}\n> `);
    if (answer.trim() !== '') answers.push(`${question.label}${answer.trim()}`);
  }
  asked.close();
  if (answers.length === 0) throw new UsageError('nothing was typed', 'say what is where');
  return answers.join('\n');
}

const QUESTIONS = [
  {
    asks: 'Which product and version? (pkg:npm/name@1.2.3; empty if you gave the file)',
    label: 'Product: ',
  },
  { asks: 'Where in it? (a locator, a stack frame, file and line, a signature id)', label: '' },
  { asks: 'What is there? (net.http, or cred.ssh-pgp -> net.http)', label: 'Feature: ' },
  { asks: 'What did you see?', label: '' },
];

function linesOf(answer: HandedIn): string[] {
  const { claim } = answer;
  if (answer.state === 'returned') {
    return [
      `${claim.id} is turned back: not considered yet, which does not mean that it is false.`,
      'It lacks:',
      ...answer.lacks.flatMap(({ reason, says, candidates }) => [
        `  ${reason}: ${REASONS[reason].says} ${REASONS[reason].next}`,
        ...(says === '' ? [] : [`    ${shown(says)}`]),
        ...candidates.map((one) => `    nearest: ${shown(one)}`),
      ]),
      `Next: avow claim new PRODUCT --complete ${claim.id} --text "…"; what you typed is kept.`,
    ];
  }
  const { receipt, recheck, same } = answer;
  return [
    `${claim.id} names ${shown(receipt.locator)}`,
    `  said to be there: ${receipt.said}`,
    `  re-checked: ${recheck.outcome}; ${inForce(receipt)}: ${recheck.verdict}`,
    ...recheck.leaves.map((one) => `  leaves: ${shown(one)}`),
    ...recheck.gates.map((one) => `  decided from outside by: ${shown(one)}`),
    ...recheck.instead.map((one) => `  there instead: ${shown(one)}`),
    ...recheck.elsewhere.map((one) => `  found elsewhere: ${shown(one)}`),
    ...recheck.unsettled.map((one) => `  could not be settled: ${shown(one)}`),
    ...(same.length === 0 ? [] : [`  the same as ${same.join(', ')}: to be attached to it`]),
    `  receipt: ${claim.receipt}`,
  ];
}

/** Without a declaration all that is there is undeclared: that is not held against a maker who was not asked. */
function inForce({ declaration }: { readonly declaration?: string }): string {
  return declaration === undefined ? 'no declaration was in force' : 'by the declaration in force';
}
