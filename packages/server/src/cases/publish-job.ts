import { type Digest, digestOf, utf8Bytes, utf8Text } from '@avow/bytes';
import { type Actor, advisoryId, type Case, csafPath, headAt, headBytes } from '@avow/docket';
import { type Entry, entryBytes, printProofFile } from '@avow/log';
import { type JobHandler, NoRetry } from '@avow/stores/jobs';
import type { Published } from '@avow/stores/standing';
import { z } from 'zod';
import { OUT, type Provider, type ProviderPorts } from '../advisories/provider.ts';
import type { DocketPorts } from '../claims/port.ts';
import { appendOnce, type LogAppender, type OpenAppender } from '../logs/append.ts';
import { settle } from './publish.ts';

export interface PublishJobPorts
  extends Pick<DocketPorts, 'docket' | 'store' | 'standing' | 'now'> {
  readonly provider: Provider;
  readonly publishing: Omit<ProviderPorts, 'docket' | 'store'>;
  readonly published: Published;
  /** Absent where no log is told. */
  readonly openAppender: OpenAppender | undefined;
  /** Told of a case whose advisory is new, or another than it was. */
  readonly onPublished: (found: Case) => Promise<void>;
}

const DATA = z.object({ case: z.string() });

/** All that follows from a publication: everyone sees it, everyone who asked is told, and it is in the log. */
export function publishHandler(ports: PublishJobPorts): JobHandler {
  return async (job, { progress }) => {
    const found = await ports.docket.case(DATA.parse(job.data).case);
    if (!(OUT as readonly string[]).includes(found.state)) {
      throw new NoRetry(`${found.id} was not published after all`);
    }
    await settle(ports, found);
    await ports.onPublished(found);
    if (ports.openAppender === undefined) return {};
    const revision = found.revisions.length;
    const known = await ports.published.loggedOf(found.id);
    if (known.some((one) => one.revision === revision)) return {};
    await progress({ says: 'appending to the log' });
    const entries = await logged(ports, found, ports.openAppender);
    const at = new Date(ports.now()).toISOString();
    await ports.published.addLogged(found.id, { revision, entries: JSON.stringify(entries), at });
    return { result: { entries } };
  };
}

/** Claim digest, verdicts, advisory and the docket's head: what `avow case publish` logs. */
async function logged(
  ports: PublishJobPorts,
  found: Case,
  open: OpenAppender,
): Promise<readonly string[]> {
  const { publisher } = ports.publishing;
  const { advisories, files } = await ports.provider.site();
  const advisory = advisories.find(({ id }) => id === advisoryId(publisher, found));
  if (advisory === undefined) throw new NoRetry(`the receipt of ${found.id} was erased`);
  const receipt = utf8Bytes((await ports.docket.textOf(advisory.receipt)) ?? '');
  const document = utf8Bytes(files.get(`white/${csafPath(advisory)}`)!);
  // As it was published: an attempt after one that died asks for the same head.
  const events = await ports.store.eventsOf(found.id);
  const last = events.findLast(({ move }) => move !== 'log')!.number;
  const { head } = await headAt(ports.store.events(), last);
  const headText = headBytes(head);
  const product = /^(pkg:[^@?#]+)@[^?#]/.exec(advisory.target)?.[1] ?? advisory.target;
  const judge = publisher.name;
  const claim = await claimDigest(ports, found);
  const about = [...new Set([advisory.productDigest, ...found.contents])];
  const entries: readonly Entry[] = [
    { type: 'claim', digest: claim },
    ...about.map(
      (one): Entry => ({
        ...{ type: 'verdict', judge, product, claim, about: one, outcome: advisory.outcome },
        ...{ digest: advisory.receipt, size: receipt.length },
      }),
    ),
    {
      ...{ type: 'advisory', maker: judge, product, id: advisory.id },
      ...{ digest: digestOf(document), size: document.length },
    },
    {
      ...{ type: 'advisory', maker: judge, product: 'docket', id: `head-${head.number}` },
      ...{ digest: digestOf(headText), size: headText.length },
    },
  ];
  const log = await open();
  try {
    for (const one of [receipt, document, headText]) await log.keep(one);
    const numbers = await appendOnce(log, entries.map(entryBytes));
    await recordHead(ports, found, headText, await proofOf(log, numbers.at(-1)!));
    return numbers.map((number) => `${number}`);
  } finally {
    await log.close();
  }
}

interface Proof {
  readonly entry: bigint;
  /** Origin of the log. */
  readonly log: string;
  readonly file: Uint8Array;
}

async function proofOf(log: LogAppender, index: bigint): Promise<Proof> {
  const { note, tree } = await log.published(index + 1n);
  const { proof } = await tree.inclusion(index);
  const extra = await tree.entry(index);
  const file = printProofFile({ extra, index, path: proof, checkpoint: note });
  return { entry: index, log: (utf8Text(note) ?? '').split('\n', 1)[0]!, file };
}

/** The docket says where its head is logged, with the proof: whoever is handed the case needs no log for it. */
async function recordHead(
  { docket }: PublishJobPorts,
  { id, logged }: Case,
  headText: Uint8Array,
  { entry, log, file }: Proof,
): Promise<void> {
  const head = await docket.keep(headText);
  if (logged.some((one) => one.head === head)) return;
  const proof = await docket.keep(file);
  await docket.act(id, 'log', SYSTEM, { log, entry: `${entry}`, head, proof });
}

const SYSTEM: Actor = { name: 'avow', role: 'system' };

/** Digests of what was typed; of an alarm, which nobody claimed, of its contents. */
async function claimDigest(
  { docket }: PublishJobPorts,
  { claims: [first], contents }: Case,
): Promise<Digest> {
  const said = first === undefined ? contents : (await docket.claim(first)).texts;
  return digestOf(JSON.stringify(said));
}
