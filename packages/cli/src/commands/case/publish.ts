import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, utf8Bytes } from '@avow/bytes';
import {
  type Advisory,
  type Affected,
  advisoryOf,
  type Case,
  csafPath,
  DECLARATION_LINE,
  Docket,
  type DocketEvent,
  type DocketStore,
  HeldStore,
  type Publisher,
  providerFiles,
  type SigningKey,
  type SourceLine,
} from '@avow/docket';
import type { DocketFolder } from '@avow/stores/docket';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { actorOf, CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';
import { affectedReleases } from './affected.ts';
import { receiptsOf } from './export.ts';
import { logCase } from './logged.ts';

export interface PublishCaseOptions extends DocketOptions {
  readonly output: string;
  readonly name: string;
  readonly namespace: string;
  readonly base: string;
  readonly prefix: string;
  readonly log?: string;
  readonly key?: string;
  readonly token?: string;
  readonly fixedIn?: string;
  readonly also?: readonly string[];
  readonly cache: boolean;
  readonly declaredAt?: string;
  readonly sign?: string;
  readonly publicKey?: string;
  readonly fingerprint?: string;
}

/** Publishes a decided case: documents of every published case into a folder, verdict and advisory into the log. */
export async function publishCaseCommand(
  id: string,
  options: PublishCaseOptions,
  now: Now = CLOCK,
  signal: AbortSignal = new AbortController().signal,
): Promise<ExitStatus> {
  const { output } = options;
  return withDocket(options, now, async (docket, opened) => {
    // Documents and signatures first: where one of them fails, the case is not published.
    const held = new HeldStore(opened.store);
    const ahead: Opened = { ...opened, store: held };
    const heldDocket = new Docket(held, opened.kept, now);
    await publishOrCorrect(id, options, heldDocket, ahead, signal);
    const found = await heldDocket.case(id);
    for (const claim of found.claims) await closeClaim(heldDocket, claim, found);
    const first = await documentsOf(options, heldDocket, ahead);
    const isAsHeld = await held.commit();
    const { advisories, files } = isAsHeld ? first : await documentsOf(options, docket, opened);
    // Lists and feeds last, so that they name nothing that is not there.
    const inOrder = [...files].sort(([one], [other]) => depthOf(other) - depthOf(one));
    for (const [path, text] of inOrder) write(join(output, path), text);
    // How many claims were turned back, and for what, is public.
    const counts = { schema: 'avow.counts/1', ...(await opened.store.counts()) };
    write(join(output, 'counts.json'), `${JSON.stringify(counts, undefined, 1)}\n`);
    for (const advisory of advisories) {
      const receipt = await docket.textOf(advisory.receipt);
      if (receipt !== undefined)
        write(join(output, `receipts/${advisory.receipt.slice(7)}.json`), receipt);
    }
    const own = advisories.find(
      ({ locator, receipt }) => locator === found.locator && receipt === found.runs[0]?.receipt,
    )!;
    const logged =
      options.log === undefined
        ? []
        : await logCase(options.log, options, docket, opened, found, own, files);
    tell(
      { id: own.id, files: [...files.keys()], logged },
      [
        `${own.id} is published: ${files.size} files in ${output}`,
        ...logged.map((one) => `  logged as entry ${one}`),
      ],
      options.json,
    );
    return EXIT.ok;
  });
}

/** What a docket keeps, with moves that may be held back. */
type Opened = Pick<DocketFolder, 'artifacts' | 'kept'> & { readonly store: DocketStore };

/** Everything that the provider's folder holds, with its signatures. */
async function documentsOf(
  options: PublishCaseOptions,
  docket: Docket,
  opened: Opened,
): Promise<{
  readonly advisories: readonly Advisory[];
  readonly files: ReadonlyMap<string, string>;
}> {
  const publisher: Publisher = { ...options, declaration: lineOf(options.declaredAt) };
  const advisories = await advisoriesOf(docket, opened, publisher);
  const unsigned = providerFiles(advisories, publisher);
  if (options.sign === undefined) return { advisories, files: unsigned };
  const key = signatures(unsigned, advisories, options);
  return { advisories, files: providerFiles(advisories, publisher, key) };
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/** `FILE:LINE`; the first line of `avow.yaml` where nothing is said. */
function lineOf(text: string | undefined): SourceLine {
  if (text === undefined) return DECLARATION_LINE;
  const [, path, line] = /^(.{1,400}?):(\d{1,7})$/.exec(text) ?? [];
  if (path === undefined || Number(line) < 1) {
    throw new UsageError(`"${text}" is no file and line`, 'like avow.yaml:12');
  }
  return { path, line: Number(line) };
}

/** What is out already is written again as it is now; a release that was kept since is a correction. */
async function publishOrCorrect(
  id: string,
  options: PublishCaseOptions,
  docket: Docket,
  opened: Opened,
  signal: AbortSignal,
): Promise<void> {
  const before = await docket.case(id);
  const isOut = OUT.has(before.state);
  if (isOut && !/^(?:published|corrected)$/.test(before.state)) return;
  const [receipt] = await receiptsOf(before, docket);
  const { also, fixedIn, cache } = options;
  const affected: Affected =
    also === undefined && fixedIn === undefined && receipt !== undefined
      ? await affectedReleases(before, receipt, opened, cache, signal)
      : { also: also ?? [], ...(fixedIn === undefined ? {} : { fixedIn }) };
  const digest = await docket.keep(utf8Bytes(JSON.stringify(affected)));
  const actor = actorOf(options.as);
  if (!isOut) return docket.act(id, 'publish', actor, { affected: digest });
  const isGiven = also !== undefined || fixedIn !== undefined || (affected.ranges ?? []).length > 0;
  if (!isGiven || affectedDigest(await opened.store.eventsOf(id)) === digest) return;
  const summary = `Releases looked at again: ${saysOf(affected)}.`;
  await docket.act(id, 'correct', actor, { affected: digest, summary });
}

function saysOf({ also, fixedIn }: Affected): string {
  const same = also.length === 0 ? 'no other has the same' : `the same in ${also.join(', ')}`;
  return fixedIn === undefined ? same : `${same}; not in ${fixedIn}`;
}

/** Of the latest revision that says so. */
function affectedDigest(events: readonly DocketEvent[]): Digest | undefined {
  const digest = events.findLast(({ data }) => typeof data['affected'] === 'string')?.data[
    'affected'
  ];
  return digest as Digest | undefined;
}

const OUT: ReadonlySet<string> = new Set(['published', 'corrected', 'superseded', 'withdrawn']);

async function closeClaim(docket: Docket, id: string, { proposal }: Case): Promise<void> {
  const claim = await docket.claim(id);
  if (claim.state !== 'accepted') return;
  await docket.act(id, 'close', { name: 'avow', role: 'system' }, { verdict: proposal!.outcome });
}

/** Of every case that is out; a withdrawn one stays, with its last revision. */
async function advisoriesOf(
  docket: Docket,
  { store }: Opened,
  publisher: Publisher,
): Promise<readonly Advisory[]> {
  const advisories: Advisory[] = [];
  for (const state of OUT) {
    for (const { subject } of await store.list({ kind: 'case', state, limit: 100_000 })) {
      const found = await docket.case(subject);
      const [receipt] = await receiptsOf(found, docket);
      if (receipt === undefined) continue;
      const events = await store.eventsOf(subject);
      const digest = affectedDigest(events);
      const text = digest === undefined ? undefined : await docket.textOf(digest);
      advisories.push(
        advisoryOf(found, receipt, publisher, text === undefined ? { also: [] } : JSON.parse(text)),
      );
    }
  }
  return advisories;
}

/** Asks the publisher's own command for each document's detached signature (docs/decisions/0101). */
function signatures(
  files: ReadonlyMap<string, string>,
  advisories: readonly Advisory[],
  { sign, publicKey, fingerprint }: PublishCaseOptions,
): SigningKey {
  if (publicKey === undefined || fingerprint === undefined) {
    throw new UsageError(
      'signatures need the public key',
      'give --public-key FILE and --fingerprint HEX',
    );
  }
  const [command = '', ...args] = sign!.split(' ');
  const signed = advisories.map((advisory) => {
    const path = `white/${csafPath(advisory)}`;
    const { status, stdout, stderr, error } = spawnSync(command, args, { input: files.get(path)! });
    if (status !== 0) {
      const why = error?.message ?? stderr.toString().trim();
      throw new UsageError(
        `${command} does not sign: ${why}`,
        'nothing was published or written; try it by hand on a file, then publish again',
      );
    }
    return [path, stdout.toString()] as const;
  });
  return { fingerprint, armored: readFileSync(publicKey, 'utf8'), signatures: new Map(signed) };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
