import { type Digest, digestOf, utf8Bytes, utf8Text } from '@avow/bytes';
import {
  type Advisory,
  type Case,
  csafPath,
  type Docket,
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

/** Claim digests, the verdict, the advisory and the head of the audit chain. */
export async function logCase(
  target: string,
  options: PublishCaseOptions,
  docket: Docket,
  { store, kept }: DocketFolder,
  found: Case,
  advisory: Advisory,
  files: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const token = options.token === undefined ? undefined : readToken(options.token);
  const log = await openToAppend(target, {
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(token === undefined ? {} : { token }),
  });
  try {
    return await appendAll(log, options, docket, { store, kept }, found, advisory, files);
  } finally {
    await log.close();
  }
}

async function appendAll(
  log: AppendTo,
  { name }: PublishCaseOptions,
  docket: Docket,
  { store }: Pick<DocketFolder, 'store' | 'kept'>,
  found: Case,
  advisory: Advisory,
  files: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const product = nameAndVersion(advisory.target).name;
  const receipt = utf8Bytes((await docket.textOf(advisory.receipt)) ?? '');
  const document = utf8Bytes(files.get(`white/${csafPath(advisory)}`)!);
  const claim = await claimDigest(found, docket);
  const headed = await headAt(store.events());
  const head = headBytes(headed.head);
  await log.keep(receipt);
  await log.keep(document);
  await log.keep(head);
  const entries: readonly Entry[] = [
    { type: 'claim', digest: claim },
    ...[...new Set([advisory.productDigest, ...found.contents])].map(
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
    {
      type: 'advisory',
      maker: name,
      product: 'docket',
      id: `head-${headed.head.number}`,
      digest: digestOf(head),
      size: head.length,
    },
  ];
  const indexes: bigint[] = [];
  for (const entry of entries) indexes.push(await log.append(entryBytes(entry)));
  const last = indexes.at(-1)!;
  const { note, tree } = await log.published(last + 1n);
  const { proof: path } = await tree.inclusion(last);
  const proof = printProofFile({
    extra: entryBytes(entries.at(-1)!),
    index: last,
    path,
    checkpoint: note,
  });
  // What an export needs to prove, to one who has neither the docket nor a network, what the log holds.
  await docket.act(found.id, 'log', SYSTEM, {
    log: (utf8Text(note) ?? '').split('\n', 1)[0]!,
    entry: `${last}`,
    head: await docket.keep(head),
    proof: await docket.keep(proof),
  });
  return indexes.map((index) => `${index}`);
}

/** Digests of what was typed; of an alarm, which nobody claimed, of its contents. */
async function claimDigest({ claims: [first], contents }: Case, docket: Docket): Promise<Digest> {
  const said = first === undefined ? contents : (await docket.claim(first)).texts;
  return digestOf(JSON.stringify(said));
}
