import {
  brief,
  type Docket,
  type HandedIn,
  type Intake,
  intakeOf,
  printSaid,
  REASONS,
  resolveClaim,
} from '@avow/docket';
import { printLocator } from '@avow/locator';
import { declarationIn } from '../../declaration.ts';
import { withExaminer } from '../../examiner.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { Progress } from '../../progress.ts';
import { shown } from '../../render/shown.ts';
import { Asking } from './ask.ts';
import { CLOCK, type DocketOptions, type Now, tell, withDocket } from './open.ts';
import { type Against, productsFor } from './products.ts';
import { type Typed, type TypedOptions, typedClaim } from './typed.ts';

export interface NewOptions extends DocketOptions, TypedOptions {
  readonly declaration?: string;
  /** Keep it, and hand it in later. */
  readonly draft?: boolean;
  /** False: the products that are given are not kept. */
  readonly keep: boolean;
  readonly cache: boolean;
}

/** Makes a claim, or goes on with one: its place is shown back, and counts once it is confirmed. */
export async function newCommand(
  products: readonly string[],
  options: NewOptions,
  signal: AbortSignal,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  const isAsked = options.text === undefined && options.file === undefined;
  const asking =
    process.stdin.isTTY === true && (isAsked || options.yes !== true) ? new Asking() : undefined;
  try {
    return await withDocket(options, now, async (docket, opened) => {
      const typed = await typedClaim(docket, options, asking);
      if (options.draft === true || typed.isCut === true)
        return tellDraft(typed, undefined, options);
      const declaration =
        options.declaration === undefined ? undefined : declarationIn(options.declaration);
      const progress = new Progress(process.stderr, true);
      const against = await keptMeanwhile(typed, () =>
        withExaminer({ cache: options.cache }, progress, signal, (examiner) =>
          productsFor(typed.text, products, docket, opened, examiner, {
            keep: options.keep,
            before: typed.against,
            ...(declaration === undefined ? {} : { declaration }),
          }),
        ),
      );
      if (products.length > 0) await remember(docket, typed, against);
      if (declaration !== undefined) await docket.keep(new TextEncoder().encode(declaration.text));
      const intake = intakeOf(typed.text, against.all);
      if (!(await isConfirmed(intake, against, options, asking)))
        return tellDraft(typed, intake, options);
      const answer = await docket.handIn(typed.id, typed.text, against.all, against.nearby);
      tell(answer, linesOf(answer, against), options.json);
      return answer.state === 'valid' ? EXIT.ok : EXIT.findings;
    });
  } finally {
    asking?.close();
  }
}

/** Where the product cannot be opened, what was typed is there all the same, and that is told. */
async function keptMeanwhile<T>({ id }: Typed, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    process.stderr.write(`${id} is kept as you typed it: go on with --complete ${id} --yes\n`);
    throw error;
  }
}

/** Whoever goes on with the claim need not name the product again. */
async function remember(docket: Docket, typed: Typed, { given }: Against): Promise<void> {
  const isKnown = JSON.stringify(given) === JSON.stringify(typed.against);
  const actor = { name: typed.claimant, role: 'claimant' } as const;
  if (!isKnown)
    await docket.act(typed.id, 'edit', actor, { against: given.map((one) => ({ ...one })) });
}

/** What lacks something is turned back as it is; what names one place in other words is confirmed first. */
async function isConfirmed(
  intake: Intake,
  { all }: Against,
  { yes }: NewOptions,
  asking: Asking | undefined,
): Promise<boolean> {
  const [locator, ...more] = intake.locators;
  if (intake.isCanonical || yes === true) return true;
  if (locator === undefined || more.length > 0 || intake.lacks.length > 0) return true;
  if (resolveClaim(locator, all).state === 'lacking') return true;
  const reads = `It reads as:\n  ${shown(readingOf(intake))}\nIs that the place that you mean?`;
  return asking === undefined ? false : asking.isYes(reads);
}

function readingOf({ locators, said }: Intake): string {
  return `${said.map(printSaid).join(' or ')} at ${locators.map(printLocator).join(' or ')}`;
}

function tellDraft({ id }: Typed, intake: Intake | undefined, options: NewOptions): ExitStatus {
  const locators = intake?.locators.map(printLocator) ?? [];
  const reads = intake === undefined ? [] : [`  reads as ${shown(readingOf(intake))}`];
  const next =
    intake === undefined
      ? `Next: avow claim new PRODUCT --complete ${id} --yes hands it in.`
      : `Next: avow claim new --complete ${id} --yes if that is the place; else --text "…" with the right one.`;
  tell(
    { state: 'draft', claim: { id }, locators, said: intake?.said.map(printSaid) ?? [] },
    [`${id} is kept as you typed it, and not handed in yet.`, ...reads, next],
    options.json,
  );
  return intake === undefined ? EXIT.ok : EXIT.findings;
}

function linesOf(answer: HandedIn, { alarms, given }: Against): string[] {
  const { claim } = answer;
  // The product that it was given with is kept with it.
  const product = given.length === 0 ? ' PRODUCT' : '';
  const alarm = alarms.map((id) => `Alarm: the release is known with two contents; see ${id}.`);
  if (answer.state === 'returned') {
    return [
      `${claim.id} is turned back: not considered yet, which does not mean that it is false.`,
      'It lacks:',
      ...answer.lacks.flatMap(({ reason, says, candidates }) => [
        `  ${reason}: ${REASONS[reason].says} ${REASONS[reason].next}`,
        ...(says === '' ? [] : [`    ${shown(says)}`]),
        ...candidates.map((one) => `    nearest: ${shown(one)}`),
      ]),
      `Next: avow claim new${product} --complete ${claim.id} --text "…"; what you typed is kept.`,
      ...alarm,
    ];
  }
  const { receipt, recheck, same } = answer;
  const own = (text: string): string => shown(brief(text, receipt.product.target));
  return [
    `${claim.id} names ${shown(receipt.locator)}`,
    `  said to be there: ${receipt.said}`,
    `  re-checked: ${recheck.outcome}; ${inForce(receipt)}: ${recheck.verdict}`,
    ...recheck.leaves.map((one) => `  leaves: ${own(one)}`),
    ...recheck.gates.map((one) => `  decided from outside by: ${own(one)}`),
    ...recheck.unreached.map((one) => `  out of reach: ${own(one)}`),
    ...recheck.instead.map((one) => `  there instead: ${own(one)}`),
    ...recheck.elsewhere.map((one) => `  found elsewhere: ${own(one)}`),
    ...recheck.unsettled.map((one) => `  could not be settled: ${own(one)}`),
    ...(same.length === 0 ? [] : [`  the same as ${same.join(', ')}: to be attached to it`]),
    `  receipt: ${claim.receipt}`,
    ...alarm,
  ];
}

/** Without a declaration all that is there is undeclared: that is not held against a maker who was not asked. */
function inForce({ declaration }: { readonly declaration?: string }): string {
  return declaration === undefined ? 'no declaration was in force' : 'by the declaration in force';
}
