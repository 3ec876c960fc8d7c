import { utf8Bytes } from '@avow/bytes';
import { type Advisory, type Affected, type Case, Docket, HeldStore } from '@avow/docket';
import type { Disk } from '@avow/stores';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { actorOf, CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';
import { affectedReleases } from './affected.ts';
import { AtOnce } from './at-once.ts';
import { affectedDigest, documentsOf, type Opened, OUT } from './documents.ts';
import { receiptsOf } from './export.ts';
import { type LoggedAs, openCaseLog } from './logged.ts';

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

/**
 * Publishes a decided case: documents of every published case into a folder,
 * verdict and advisory into the log. Documents, signatures and the files
 * themselves are made first, and the log is asked whether it will have them:
 * where one of them fails, nothing is published.
 */
export async function publishCaseCommand(
  id: string,
  options: PublishCaseOptions,
  now: Now = CLOCK,
  signal: AbortSignal = new AbortController().signal,
  disk?: Disk,
): Promise<ExitStatus> {
  const { output } = options;
  return withDocket(options, now, async (docket, opened) => {
    const held = new HeldStore(opened.store);
    const ahead: Opened = { ...opened, store: held };
    const heldDocket = new Docket(held, opened.kept, now);
    await publishOrCorrect(id, options, heldDocket, ahead, signal);
    const found = await heldDocket.case(id);
    for (const claim of found.claims) await closeClaim(heldDocket, claim, found);
    let { advisories, files } = await documentsOf(options, heldDocket, ahead);
    const isOwn = ({ locator, receipt }: Advisory): boolean =>
      locator === found.locator && receipt === found.runs[0]?.receipt;
    const log = await openCaseLog(options, docket, opened);
    try {
      await log?.keep(advisories.find(isOwn)!, files);
      let folder = await AtOnce.prepare(output, files, disk);
      if (!(await committed(held, folder))) {
        ({ advisories, files } = await documentsOf(options, docket, opened));
        folder = await AtOnce.prepare(output, files, disk);
      }
      await folder.commit();
      const own = advisories.find(isOwn)!;
      const logged = await log?.append(await docket.case(id), own, files).catch((error) => {
        throw new UsageError(
          `${own.id} is published, with its files in ${output}, but not logged: ${error.message}`,
          'the same command again logs it',
        );
      });
      tell(
        { id: own.id, files: [...files.keys()], logged: logged?.entries ?? [] },
        [`${own.id} is published: ${files.size} files in ${output}`, ...linesOf(logged)],
        options.json,
      );
      return EXIT.ok;
    } finally {
      await log?.close();
    }
  });
}

/** False when the documents are to be made anew: others wrote meanwhile, by a later clock. */
async function committed(held: HeldStore, folder: AtOnce): Promise<boolean> {
  try {
    return await held.commit();
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

function linesOf(logged: LoggedAs | undefined): readonly string[] {
  if (logged === undefined) return [];
  if (logged.isBefore) return [`  logged already, as entry ${logged.entries.join(', ')}`];
  return logged.entries.map((entry) => `  logged as entry ${entry}`);
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

async function closeClaim(docket: Docket, id: string, { proposal }: Case): Promise<void> {
  const claim = await docket.claim(id);
  if (claim.state !== 'accepted') return;
  await docket.act(id, 'close', { name: 'avow', role: 'system' }, { verdict: proposal!.outcome });
}
