import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, utf8Bytes } from '@avow/bytes';
import {
  CASE_MOVES,
  type Case,
  casePage,
  type Docket,
  type DocketEvent,
  movesFrom,
  parseReceipt,
  type Receipt,
  receiptText,
} from '@avow/docket';
import type { DeclarationText } from '@avow/examine';
import type { JsonObject } from '@avow/log';
import type { DocketFolder } from '@avow/stores/docket';
import { declarationIn } from '../../declaration.ts';
import { withExaminer } from '../../examiner.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { Progress } from '../../progress.ts';
import { shown } from '../../render/shown.ts';
import { actorOf, CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';
import { recheckAgain } from '../claim/show.ts';
import { storedOf } from '../claim/stored.ts';

export async function showCase(
  id: string,
  options: DocketOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    const found = await docket.case(id);
    tell(found, linesOf(found), options.json);
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

export interface RunOptions extends DocketOptions {
  readonly declaration?: string;
  readonly cache: boolean;
}

/** One runner's re-check; the second with equal digests concludes. */
export async function runCommand(
  id: string,
  product: string,
  options: RunOptions,
  signal: AbortSignal,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    const found = await docket.case(id);
    const actor = actorOf(options.as);
    const declaration =
      options.declaration === undefined
        ? await inForce(found, docket)
        : declarationIn(options.declaration);
    const progress = new Progress(process.stderr, true);
    const stored = await withExaminer({ cache: options.cache }, progress, signal, (examiner) =>
      storedOf(examiner, product, declaration),
    );
    const receipt = recheckAgain(found.locator, found.said, stored);
    const after = await docket.run(id, actor, receipt);
    const lines = [
      `${receipt.recheck.outcome}, result ${receipt.result}`,
      `${id} is ${after.state}`,
    ];
    tell({ receipt, case: after }, lines, options.json);
    return EXIT.ok;
  });
}

/** The declaration that was kept with the first claim: what is edited since does not count. */
async function inForce(
  { claims: [first] }: Case,
  docket: Docket,
): Promise<DeclarationText | undefined> {
  const claim = first === undefined ? undefined : await docket.claim(first);
  const text = claim?.declaration && (await docket.textOf(claim.declaration));
  return text === undefined ? undefined : { source: 'declaration', form: 'avow', text };
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
}

/** Says something in a case: a statement, an answer, an objection, evidence, a step of the embargo. */
export async function stateCommand(
  id: string,
  options: StateOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket) => {
    const actor = actorOf(options.as);
    const found = await docket.case(id);
    const usual = actor.role === 'vendor' && found.state === 'vendor-notified' ? 'answer' : 'state';
    const move = options.move ?? (options.evidence === undefined ? usual : 'keep');
    await docket.act(id, move, actor, await dataOf(docket, options));
    const after = await docket.case(id);
    tell(after, [`${id}: ${move} by ${shown(actor.name)}; it is ${after.state}`], options.json);
    return EXIT.ok;
  });
}

async function dataOf(docket: Docket, options: StateOptions): Promise<JsonObject> {
  const { text, stance, locator, end, evidence, participant, why } = options;
  const file = evidence === undefined ? undefined : new Uint8Array(readFileSync(evidence));
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

/** Writes a folder that a stranger can read and re-run: page, events, receipts, texts, evidence. */
export async function exportCommand(
  id: string,
  options: DocketOptions & { readonly output: string },
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket, opened) => {
    const files = await exportedFiles(id, docket, opened);
    for (const [path, bytes] of files) {
      const target = join(options.output, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    tell(
      { folder: options.output, files: [...files.keys()] },
      [`${files.size} files in ${options.output}; begin with index.html`],
      options.json,
    );
    return EXIT.ok;
  });
}

async function exportedFiles(
  id: string,
  docket: Docket,
  { store, kept }: DocketFolder,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const found = await docket.case(id);
  const events: DocketEvent[] = [...(await store.eventsOf(id))];
  for (const claim of found.claims) events.push(...(await store.eventsOf(claim)));
  events.sort((one, other) => one.number - other.number);
  const receipts = await receiptsOf(found, docket);
  const texts = new Map<string, string>();
  for (const { text } of found.statements) {
    const said = await docket.textOf(text);
    if (said !== undefined) texts.set(text, said);
  }
  const files = new Map<string, Uint8Array | string>();
  const declarations = new Set<string>();
  files.set('case.json', `${JSON.stringify(found, undefined, 1)}\n`);
  files.set('events.jsonl', events.map((one) => `${JSON.stringify(one)}\n`).join(''));
  for (const [index, receipt] of receipts.entries()) {
    files.set(`receipt-${index + 1}.json`, receiptText(receipt));
    const declaration = receipt.declaration && (await kept.read(receipt.declaration));
    if (!declaration) continue;
    files.set(`declaration-${index + 1}.yaml`, declaration);
    declarations.add(receipt.declaration!);
  }
  files.set('index.html', casePage({ found, events, receipts, declarations, texts }));
  for (const [digest, text] of texts) files.set(`kept/${digest.slice(7)}`, text);
  for (const { digest } of found.evidence) {
    const bytes = await kept.read(digest);
    if (bytes !== undefined) files.set(`kept/${digest.slice(7)}`, bytes);
  }
  return files;
}

/** Each distinct receipt of the case's runs. */
export async function receiptsOf({ runs }: Case, docket: Docket): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const digest of new Set<Digest>(runs.map(({ receipt }) => receipt))) {
    const text = await docket.textOf(digest);
    if (text !== undefined) receipts.push(parseReceipt(text));
  }
  return receipts;
}

function linesOf(found: Case): string[] {
  const { proposal, embargo } = found;
  return [
    `${found.id}: ${found.state} since ${found.since}`,
    `  ${shown(found.said)} at ${shown(found.locator)}`,
    `  claims: ${found.claims.join(', ')}`,
    ...found.parties.map(({ name, role }) => `  ${role}: ${shown(name)}`),
    ...found.runs.map(
      (run) => `  run by ${shown(run.runner)}: ${run.outcome}, result ${run.result}`,
    ),
    ...found.statements.map(
      ({ by, at, stance }) => `  ${at} ${by.role} ${shown(by.name)} ${stance ?? 'says'}`,
    ),
    ...(embargo.end === undefined ? [] : [`  embargo ${embargo.state} until ${embargo.end}`]),
    ...found.missed.map(({ at, says }) => `  passed ${at}: ${says}`),
    ...(proposal === undefined
      ? []
      : [
          `  verdict: ${proposal.outcome}, by ${shown(proposal.by)}, ${proposal.approvedBy === undefined ? 'not approved yet' : `approved by ${shown(proposal.approvedBy)}`}`,
        ]),
    `What can be done: ${
      movesFrom(CASE_MOVES, found.state)
        .map(({ by }) => by)
        .join(', ') || 'nothing'
    }`,
  ];
}
