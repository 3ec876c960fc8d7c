import { type Digest, digestOf, utf8Bytes, utf8Text } from '@avow/bytes';
import {
  type Advisory,
  type Case,
  csafPath,
  type Docket,
  type DocketStore,
  headAt,
  headBytes,
  SYSTEM,
} from '@avow/docket';
import { type Entry, entryBytes, printProofFile } from '@avow/log';
import type { DocketFolder } from '@avow/stores/docket';
import { type AppendTo, openToAppend } from '../log/append.ts';
import { readToken } from '../log/serve.ts';
import { nameAndVersion } from '../publish.ts';
import type { PublishCaseOptions } from './publish.ts';

/** What came of logging: the entries' numbers. */
export interface LoggedAs {
  readonly entries: readonly string[];
  /** The latest revision was logged before; nothing was added. */
  readonly isBefore: boolean;
}

/** A log that takes claim digests, the verdict, the advisory and the head of the docket's chain. */
export interface CaseLog {
  /** Hands over the documents that the entries will name: a log that does not take them is told before anything is out. */
  keep(advisory: Advisory, files: ReadonlyMap<string, string>): Promise<void>;
  append(found: Case, advisory: Advisory, files: ReadonlyMap<string, string>): Promise<LoggedAs>;
  close(): Promise<void>;
}

/** Undefined where none is named. */
export async function openCaseLog(
  options: PublishCaseOptions,
  docket: Docket,
  { store }: Pick<DocketFolder, 'store'>,
): Promise<CaseLog | undefined> {
  if (options.log === undefined) return undefined;
  const token = options.token === undefined ? undefined : readToken(options.token);
  const log = await openToAppend(options.log, {
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(token === undefined ? {} : { token }),
  });
  const keep: CaseLog['keep'] = async (advisory, files) => {
    await log.keep(await receiptBytes(advisory, docket));
    await log.keep(documentBytes(advisory, files));
  };
  return {
    keep,
    append: async (found, advisory, files) => {
      const before = loggedBefore(found);
      if (before !== undefined) return { entries: [before], isBefore: true };
      await keep(advisory, files);
      const document = documentBytes(advisory, files);
      const entries = await entriesOf(found, advisory, document, docket, options.name);
      return {
        entries: await appendAll(log, entries, found, docket, store, options.name),
        isBefore: false,
      };
    },
    close: () => log.close(),
  };
}

/** The head's entry, where what is out now was logged already. */
function loggedBefore({ logged, revisions }: Case): string | undefined {
  const latest = logged.at(-1);
  const revision = revisions.at(-1);
  return latest !== undefined && revision !== undefined && latest.at >= revision.at
    ? latest.entry
    : undefined;
}

async function receiptBytes({ receipt }: Advisory, docket: Docket): Promise<Uint8Array> {
  return utf8Bytes((await docket.textOf(receipt)) ?? '');
}

function documentBytes(advisory: Advisory, files: ReadonlyMap<string, string>): Uint8Array {
  return utf8Bytes(files.get(`white/${csafPath(advisory)}`)!);
}

async function entriesOf(
  found: Case,
  advisory: Advisory,
  document: Uint8Array,
  docket: Docket,
  name: string,
): Promise<readonly Entry[]> {
  const product = nameAndVersion(advisory.target).name;
  const receipt = await receiptBytes(advisory, docket);
  const claim = await claimDigest(found, docket);
  const abouts = new Set([advisory.productDigest, ...found.contents]);
  return [
    { type: 'claim', digest: claim },
    ...[...abouts].map(
      (about): Entry => ({
        type: 'verdict',
        judge: name,
        product,
        claim,
        about,
        outcome: advisory.outcome,
        digest: advisory.receipt,
        size: receipt.length,
      }),
    ),
    {
      type: 'advisory',
      maker: name,
      product,
      id: advisory.id,
      digest: digestOf(document),
      size: document.length,
    },
  ];
}

/** Appends them and the head, and records in the case what an export needs to prove what the log holds. */
async function appendAll(
  log: AppendTo,
  entries: readonly Entry[],
  { id }: Case,
  docket: Docket,
  store: DocketStore,
  name: string,
): Promise<readonly string[]> {
  const headed = await headAt(store.events());
  const bytes = headBytes(headed.head);
  await log.keep(bytes);
  const head = entryBytes({
    type: 'advisory',
    maker: name,
    product: 'docket',
    id: `head-${headed.head.number}`,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  const indexes: bigint[] = [];
  for (const entry of entries) indexes.push(await log.append(entryBytes(entry)));
  const last = await log.append(head);
  const { note, tree } = await log.published(last + 1n);
  const { proof: path } = await tree.inclusion(last);
  const proof = printProofFile({ extra: head, index: last, path, checkpoint: note });
  await docket.act(id, 'log', SYSTEM, {
    log: (utf8Text(note) ?? '').split('\n', 1)[0]!,
    entry: `${last}`,
    head: await docket.keep(bytes),
    proof: await docket.keep(proof),
  });
  return [...indexes, last].map((index) => `${index}`);
}

/** Digests of what was typed; of an alarm, which nobody claimed, of its contents. */
async function claimDigest({ claims: [first], contents }: Case, docket: Docket): Promise<Digest> {
  const said = first === undefined ? contents : (await docket.claim(first)).texts;
  return digestOf(JSON.stringify(said));
}
