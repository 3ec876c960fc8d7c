import { readFileSync } from 'node:fs';
import {
  type DocketEvent,
  isReasonCode,
  type Lack,
  type ListQuery,
  parseReceipt,
  REASONS,
  receiptDifferences,
  recheckAgain,
  type Stored,
  summaryOfClaim,
} from '@avow/docket';
import { declarationIn } from '../../declaration.ts';
import { withExaminer } from '../../examiner.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { Progress } from '../../progress.ts';
import { shown } from '../../render/shown.ts';
import { dueLines, nextOfClaim, quoted } from './next.ts';
import { CLOCK, type DocketOptions, type Now, tell, withDocket } from './open.ts';
import { storedOf } from './stored.ts';

export async function showCommand(
  id: string,
  options: DocketOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket, { store }) => {
    const claim = await docket.claim(id);
    const events = await store.eventsOf(id);
    const { next } = summaryOfClaim(events);
    const text = claim.texts.length === 0 ? undefined : await docket.textOf(claim.texts.at(-1)!);
    const receipt = claim.receipt === undefined ? undefined : await docket.textOf(claim.receipt);
    tell(
      { ...claim, text, receiptText: receipt },
      [
        `${claim.id}: ${claim.state} since ${claim.since}`,
        `  by ${shown(claim.claimant)}`,
        ...(claim.locator === undefined
          ? []
          : [`  ${shown(claim.said ?? '')} at ${shown(claim.locator)}`]),
        ...(claim.outcome === undefined
          ? []
          : [`  re-checked: ${claim.outcome}, receipt ${claim.receipt}`]),
        ...claim.reasons.flatMap((reason) => lackLines(reason, events)),
        ...(claim.case === undefined ? [] : [`  part of ${claim.case}`]),
        ...(claim.attachedTo === undefined ? [] : [`  the same as ${claim.attachedTo}`]),
        ...dueLines(next),
        ...quoted(text),
        ...nextOfClaim(claim),
      ],
      options.json,
    );
    return EXIT.ok;
  });
}

/** A reason with its words, and what was near when the claim was turned back for it. */
function lackLines(reason: string, events: readonly DocketEvent[]): readonly string[] {
  if (!isReasonCode(reason)) return [`  ${shown(reason)}`];
  const { says, next } = REASONS[reason];
  const lacks = events.findLast(({ data }) => data['lacks'] !== undefined)?.data['lacks'];
  const own = (Array.isArray(lacks) ? (lacks as unknown as readonly Lack[]) : []).filter(
    (one) => one.reason === reason,
  );
  return [
    `  ${reason}: ${says} ${next}`,
    ...own.flatMap((one) => one.candidates.map((near) => `    nearest: ${shown(near)}`)),
  ];
}

export interface ListOptions extends DocketOptions {
  readonly state?: string;
  readonly product?: string;
  readonly after?: string;
  readonly limit: number;
}

/** Lists claims or cases, the newest first, and the public counts of refusals. */
export async function listCommand(
  kind: ListQuery['kind'],
  options: ListOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (_, { store }) => {
    const { state, product, after, limit } = options;
    const rows = await store.list({
      kind,
      limit,
      ...(state === undefined ? {} : { state }),
      ...(product === undefined ? {} : { target: product }),
      ...(after === undefined ? {} : { after }),
    });
    const counts = await store.counts();
    tell(
      { rows, counts },
      [
        ...rows.map((row) =>
          [row.subject, row.state, row.updated, shown(row.said), shown(row.target)]
            .filter((one) => one !== '')
            .join('  '),
        ),
        ...(rows.length === limit ? [`More: --after ${rows.at(-1)!.subject}`] : []),
        ...(rows.length === 0 ? [`No ${kind}s.`] : []),
        ...(kind === 'case' ? [] : counts.refusals).map(
          ({ reason, count }) => `turned back for ${reason}: ${count}`,
        ),
      ],
      options.json,
    );
    return EXIT.ok;
  });
}

export async function withdrawCommand(
  id: string,
  options: DocketOptions & { readonly by: string },
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    const claim = await docket.claim(id);
    const found = claim.case === undefined ? undefined : await docket.case(claim.case);
    const isPublished = /^(?:published|corrected|superseded|withdrawn)$/.test(found?.state ?? '');
    await docket.act(id, 'withdraw', { name: options.by, role: 'claimant' }, { isPublished });
    tell(await docket.claim(id), [`${id} is withdrawn; its stub stays.`], options.json);
    return EXIT.ok;
  });
}

export interface VerifyOptions {
  readonly declaration?: string;
  readonly cache: boolean;
  readonly json?: boolean;
}

/** Makes a re-check again, offline, and says whether everything is equal. */
export async function verifyCommand(
  file: string,
  products: readonly string[],
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const receipt = parseReceipt(readFileSync(file, 'utf8'));
  const declaration =
    options.declaration === undefined ? undefined : declarationIn(options.declaration);
  const progress = new Progress(process.stderr, true);
  const all = await withExaminer({ cache: options.cache }, progress, signal, async (examiner) => {
    const opened: Stored[] = [];
    for (const product of products) opened.push(await storedOf(examiner, product, declaration));
    return opened;
  });
  const again = recheckAgain(receipt.locator, receipt.said, all);
  const differences = receiptDifferences(receipt, again);
  const isEqual = differences.length === 0;
  tell(
    { isEqual, differences, again },
    isEqual
      ? [`equal: ${receipt.recheck.outcome}, result ${receipt.result}`]
      : ['not equal:', ...differences.map((one) => `  ${shown(one)}`)],
    options.json,
  );
  return isEqual ? EXIT.ok : EXIT.findings;
}
