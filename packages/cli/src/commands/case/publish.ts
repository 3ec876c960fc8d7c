import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOf, utf8Bytes } from '@avow/bytes';
import {
  type Advisory,
  advisoryOf,
  type Case,
  csafPath,
  type Docket,
  type Publisher,
  providerFiles,
  type SigningKey,
} from '@avow/docket';
import { type Entry, entryBytes } from '@avow/log';
import type { DocketFolder } from '@avow/stores/docket';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { actorOf, CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';
import { type AppendTo, openToAppend } from '../log/append.ts';
import { readToken } from '../log/serve.ts';
import { nameAndVersion } from '../publish.ts';
import { receiptsOf } from './commands.ts';

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
  readonly also: readonly string[];
  readonly sign?: string;
  readonly publicKey?: string;
  readonly fingerprint?: string;
}

/** Publishes a decided case: documents of every published case into a folder, verdict and advisory into the log. */
export async function publishCaseCommand(
  id: string,
  options: PublishCaseOptions,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  const { output } = options;
  return withDocket(options, now, async (docket, opened) => {
    const affected = {
      also: options.also,
      ...(options.fixedIn === undefined ? {} : { fixedIn: options.fixedIn }),
    };
    // What is out already (corrected, withdrawn …) is written again, as it is now.
    if (!OUT.has((await docket.case(id)).state)) {
      const digest = await docket.keep(utf8Bytes(JSON.stringify(affected)));
      await docket.act(id, 'publish', actorOf(options.as), { affected: digest });
    }
    const found = await docket.case(id);
    for (const claim of found.claims) await closeClaim(docket, claim, found);
    const publisher: Publisher = options;
    const advisories = await advisoriesOf(docket, opened, publisher);
    const unsigned = providerFiles(advisories, publisher);
    const key = options.sign === undefined ? undefined : signatures(unsigned, advisories, options);
    const files = key === undefined ? unsigned : providerFiles(advisories, publisher, key);
    for (const [path, text] of files) write(join(output, path), text);
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

const OUT: ReadonlySet<string> = new Set(['published', 'corrected', 'superseded', 'withdrawn']);

async function closeClaim(docket: Docket, id: string, { proposal }: Case): Promise<void> {
  const claim = await docket.claim(id);
  if (claim.state !== 'accepted') return;
  await docket.act(id, 'close', { name: 'avow', role: 'system' }, { verdict: proposal!.outcome });
}

/** Of every case that is out; a withdrawn one stays, with its last revision. */
async function advisoriesOf(
  docket: Docket,
  { store }: DocketFolder,
  publisher: Publisher,
): Promise<readonly Advisory[]> {
  const advisories: Advisory[] = [];
  for (const state of OUT) {
    for (const { subject } of await store.list({ kind: 'case', state, limit: 100_000 })) {
      const found = await docket.case(subject);
      const [receipt] = await receiptsOf(found, docket);
      if (receipt === undefined) continue;
      const events = await store.eventsOf(subject);
      const digest = events.find(({ move }) => move === 'publish')?.data['affected'];
      const text =
        typeof digest === 'string' ? await docket.textOf(digest as `sha256:${string}`) : undefined;
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
    const { status, stdout, stderr } = spawnSync(command, args, { input: files.get(path)! });
    if (status !== 0)
      throw new UsageError(`${command} does not sign: ${stderr}`, 'try it by hand on a file');
    return [path, stdout.toString()] as const;
  });
  return { fingerprint, armored: readFileSync(publicKey, 'utf8'), signatures: new Map(signed) };
}

/** Claim digests, the verdict, the advisory and the head of the audit chain. */
async function logCase(
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
  const claim = digestOf(JSON.stringify((await docket.claim(found.claims[0]!)).texts));
  const end = await store.end();
  const head = utf8Bytes(`${JSON.stringify({ schema: 'avow.docket-head/1', ...end })}\n`);
  await log.keep(receipt);
  await log.keep(document);
  await log.keep(head);
  const entries: readonly Entry[] = [
    { type: 'claim', digest: claim },
    {
      type: 'verdict',
      judge: name,
      product,
      claim,
      about: advisory.productDigest,
      outcome: advisory.outcome,
      digest: advisory.receipt,
      size: receipt.length,
    },
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
      id: `head-${end.number}`,
      digest: digestOf(head),
      size: head.length,
    },
  ];
  const indexes: bigint[] = [];
  for (const entry of entries) indexes.push(await log.append(entryBytes(entry)));
  await log.published(indexes.at(-1)! + 1n);
  return indexes.map((index) => `${index}`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
