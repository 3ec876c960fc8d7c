import { readFileSync, statSync } from 'node:fs';
import { utf8Bytes } from '@avow/bytes';
import { type Case, type Docket, type Due, summaryOfCase } from '@avow/docket';
import type { JsonObject } from '@avow/log';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { shown } from '../../render/shown.ts';
import { dueLines, nextOfCase, quoted } from '../claim/next.ts';
import { actorOf, CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';

export async function showCase(
  id: string,
  options: DocketOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket, { store }) => {
    const found = await docket.case(id);
    const { next } = summaryOfCase(await store.eventsOf(id));
    const texts = new Map<string, string | undefined>();
    for (const { text } of found.statements) texts.set(text, await docket.textOf(text));
    tell(found, linesOf(found, next, texts), options.json);
    return EXIT.ok;
  });
}

/** Takes a claim into a case (or attaches it to the one that it repeats), or a case on oneself. */
export async function takeCommand(
  id: string,
  options: DocketOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    const actor = actorOf(options.as);
    if (!id.startsWith('claim-')) {
      await docket.act(id, 'take', actor);
      tell(await docket.case(id), [`${id} is taken by ${shown(actor.name)}`], options.json);
      return EXIT.ok;
    }
    const joined = await docket.accept(id, actor);
    const claim = await docket.claim(id);
    const lines = [`${id} is ${claim.state}${joined === undefined ? '' : `, in ${joined}`}`];
    tell({ claim, case: joined }, lines, options.json);
    return EXIT.ok;
  });
}

export interface StateOptions extends DocketOptions {
  readonly text?: string;
  readonly move?: string;
  readonly stance?: string;
  readonly locator?: string;
  readonly end?: string;
  readonly leaving?: boolean;
  readonly public?: boolean;
  readonly evidence?: string;
  readonly participant?: string;
  readonly why?: string;
  /** A code of docs/claims/, with which a claim is ended. */
  readonly reason?: string;
}

/** Says something in a case: a statement, an answer, an objection, evidence, a step of the embargo. */
export async function stateCommand(
  id: string,
  options: StateOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    const actor = actorOf(options.as);
    if (id.startsWith('claim-')) return moveClaim(id, options, docket, actor);
    const found = await docket.case(id);
    const usual = actor.role === 'vendor' && found.state === 'vendor-notified' ? 'answer' : 'state';
    const move = options.move ?? (options.evidence === undefined ? usual : 'keep');
    await docket.act(id, move, actor, await dataOf(docket, options));
    const after = await docket.case(id);
    tell(after, [`${id}: ${move} by ${shown(actor.name)}; it is ${after.state}`], options.json);
    return EXIT.ok;
  });
}

/** A step of a claim that is not its claimant's: put off, taken up again, ended with a reason code. */
async function moveClaim(
  id: string,
  options: StateOptions,
  docket: Docket,
  actor: ReturnType<typeof actorOf>,
): Promise<ExitStatus> {
  const { move: name, why, reason } = options;
  if (name === undefined)
    throw new UsageError('a claim has no statements', 'give --move, or name its case');
  await docket.act(id, name, actor, {
    ...(why === undefined ? {} : { reason: why }),
    ...(reason === undefined ? {} : { reasons: [reason] }),
  });
  const after = await docket.claim(id);
  tell(after, [`${id}: ${name} by ${shown(actor.name)}; it is ${after.state}`], options.json);
  return EXIT.ok;
}

async function dataOf(docket: Docket, options: StateOptions): Promise<JsonObject> {
  const { text, stance, locator, end, evidence, participant, why } = options;
  const file = evidence === undefined ? undefined : evidenceIn(evidence);
  return {
    ...(text === undefined ? {} : { text: await docket.keep(utf8Bytes(text)) }),
    ...(stance === undefined ? {} : { stance }),
    ...(locator === undefined ? {} : { locator }),
    ...(end === undefined ? {} : { end }),
    ...(participant === undefined ? {} : { participant }),
    ...(why === undefined ? {} : { summary: why, reason: why }),
    ...(options.leaving === true ? { isLeaving: true } : {}),
    ...(options.public === true ? { isPublic: true } : {}),
    ...(file === undefined ? {} : { digest: await docket.keep(file), name: evidence!.slice(-200) }),
  };
}

/** Evidence is kept as it is: larger things are named by digest in a statement, and kept elsewhere. */
const MAX_EVIDENCE = 256 * 1024 * 1024;

function evidenceIn(path: string): Uint8Array {
  const { size } = statSync(path);
  if (size <= MAX_EVIDENCE) return new Uint8Array(readFileSync(path));
  throw new UsageError(
    `${path} has ${size} bytes; evidence has at most ${MAX_EVIDENCE}`,
    'keep it elsewhere, and state its digest',
  );
}

export async function proposeCommand(
  id: string,
  options: DocketOptions & { readonly verdict: string; readonly why: string },
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return move(id, 'propose', { outcome: options.verdict, summary: options.why }, options, now);
}

export async function approveCommand(
  id: string,
  options: DocketOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return move(id, 'approve', {}, options, now);
}

async function move(
  id: string,
  name: string,
  data: JsonObject,
  options: DocketOptions,
  now: Now,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    await docket.act(id, name, actorOf(options.as), data);
    const after = await docket.case(id);
    tell(after, [`${id} is ${after.state}`], options.json);
    return EXIT.ok;
  });
}

function linesOf(
  found: Case,
  next: Due | undefined,
  texts: ReadonlyMap<string, string | undefined>,
): string[] {
  const { proposal, embargo } = found;
  return [
    `${found.id}: ${found.state} since ${found.since}`,
    `  ${shown(found.said)} at ${shown(found.locator)}`,
    found.contents.length > 0
      ? `  an alarm: ${found.contents.length} contents under one number`
      : `  claims: ${found.claims.join(', ')}`,
    ...found.contents.map((one) => `    ${one}`),
    ...found.parties.map(({ name, role }) => `  ${role}: ${shown(name)}`),
    ...found.runs.map(
      (run) => `  run by ${shown(run.runner)}: ${run.outcome}, result ${run.result}`,
    ),
    ...found.statements.flatMap(({ by, at, stance, text }) => [
      `  ${at} ${by.role} ${shown(by.name)} ${stance ?? 'says'}:`,
      ...quoted(texts.get(text), '    '),
    ]),
    ...(embargo.end === undefined ? [] : [`  embargo ${embargo.state} until ${embargo.end}`]),
    ...found.missed.map(({ at, says }) => `  passed ${at}: ${says}`),
    ...(proposal === undefined
      ? []
      : [
          `  verdict: ${proposal.outcome}, by ${shown(proposal.by)}, ${proposal.approvedBy === undefined ? 'not approved yet' : `approved by ${shown(proposal.approvedBy)}`}`,
          `    ${shown(proposal.summary)}`,
        ]),
    ...dueLines(next),
    ...nextOfCase(found),
  ];
}
