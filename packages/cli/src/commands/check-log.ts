import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, Refused, utf8Text } from '@avow/bytes';
import type { CheckPolicy, LogEvidence, Seen } from '@avow/check';
import {
  chainOf,
  type HeldCheckpoint,
  holdCheckpoint,
  type ProofPath,
  parseManifest,
  parseProofFile,
  parseRecordList,
  printProofFile,
  type RecordDigest,
  type TileSource,
  TreeReader,
  type UpdateManifest,
} from '@avow/log';
import { UsageError } from '../errors.ts';
import { chainedIn } from './log/append.ts';
import { historyOf, type LoggedEntry } from './log/history.ts';
import { folderSource } from './log/read.ts';
import { httpSource, isUrl } from './log/remote.ts';
import type { SeenLog } from './log/seen.ts';

/** What the log, or the files handed over, say of an installed product. */
export interface Gathered {
  readonly origin: string;
  readonly evidence: LogEvidence | undefined;
  readonly logHas?: readonly string[];
  readonly seen?: Seen;
  readonly manifest?: Uint8Array;
  readonly publishedRecords?: readonly RecordDigest[];
  readonly declaration?: Uint8Array;
  readonly verdicts?: readonly Uint8Array[];
  /** The checkpoint to keep as seen, when it is good. */
  readonly checkpoint?: Uint8Array;
  readonly found?: LoggedEntry;
}

/** What tells the installed product's entry from the others of its chain. */
export interface Wanted {
  readonly digest: Digest;
  readonly version: string | undefined;
  readonly isUpdate: boolean;
}

/** Offline: a proof file, with its manifest and declaration where they are given. */
export function gatherFiles(
  proofPath: string,
  files: { readonly manifest?: string; readonly declaration?: string },
  seenOf: (origin: string) => SeenLog | undefined,
): Gathered {
  const proof = new Uint8Array(readFileSync(proofPath));
  const { checkpoint, extra, index } = parseProofFile(proof);
  const origin = (utf8Text(checkpoint) ?? '').split('\n')[0]!;
  const manifestPath = files.manifest ?? `${proofPath}.manifest`;
  const manifest = readIfThere(manifestPath, files.manifest !== undefined);
  const chained = extra === undefined ? undefined : chainedIn(extra);
  const seen = seenOf(origin);
  const head = chained && seen?.heads.get(chainOf(chained.entry));
  return {
    origin,
    evidence: { proof },
    checkpoint,
    ...(seen === undefined
      ? {}
      : { seen: { checkpoint: seen.checkpoint, ...(head === undefined ? {} : { head }) } }),
    ...(manifest === undefined ? {} : { manifest }),
    ...recordsOf(manifest, readIfThere(`${proofPath}.records`, false)),
    ...(files.declaration === undefined
      ? {}
      : { declaration: new Uint8Array(readFileSync(files.declaration)) }),
    ...(chained === undefined ? {} : { found: { index, bytes: extra!, ...chained } }),
  };
}

/** Online: reads the whole log, whose entries must lead to its signed root. */
export async function gatherLog(
  policy: CheckPolicy,
  log: string | undefined,
  wanted: Wanted,
  seenOf: (origin: string) => SeenLog | undefined,
): Promise<Gathered> {
  const { source, held, note } = await openPolicyLog(policy, log);
  const origin = held.checkpoint.origin;
  const tree = new TreeReader(source, held.checkpoint);
  const history = await historyOf(tree, (entry) => isOfPolicy(policy, entry));
  const chain = history.chained.filter(
    ({ entry }) => (entry.type === 'update') === wanted.isUpdate,
  );
  const chained = chain.filter(({ entry }) => entry.type !== 'declaration');
  const found = pick(chained, wanted);
  const seen = seenOf(origin);
  const base = { origin, checkpoint: note, verdicts: history.verdicts };
  if (found === undefined) return { ...base, evidence: undefined, logHas: history.chains };
  const { proof } = await tree.inclusion(found.index);
  const file = { extra: found.bytes, index: found.index, path: proof, checkpoint: note };
  const head = seen?.heads.get(chainOf(found.entry));
  const between = chained.filter(
    ({ index }) => head !== undefined && index > head.index && index < found.index,
  );
  const evidence: LogEvidence = {
    proof: printProofFile(file),
    between: between.map(({ bytes }) => bytes),
    latestNumber: Math.max(...chained.map(({ entry }) => entry.number)),
  };
  const manifest =
    'manifest' in found.entry ? await artifact(source, found.entry.manifest) : undefined;
  const named = 'declaration' in found.entry ? found.entry.declaration : undefined;
  const declaration = named === undefined ? undefined : await artifact(source, named);
  return {
    ...base,
    found,
    evidence,
    ...(seen === undefined ? {} : { seen: await seenWith(seen, head, source, held, policy) }),
    ...(manifest === undefined ? {} : { manifest }),
    ...recordsOf(manifest, await listOf(source, manifest)),
    ...(declaration === undefined ? {} : { declaration }),
  };
}

export async function openPolicyLog(
  policy: CheckPolicy,
  log: string | undefined,
): Promise<{ source: TileSource; held: HeldCheckpoint; note: Uint8Array }> {
  const at = log ?? policy.trust.logs.find(({ url }) => url !== undefined)?.url;
  if (at === undefined) {
    throw new UsageError(
      'the policy names no URL of its log',
      'add --log, or --proof to check offline',
    );
  }
  const source = isUrl(at) ? httpSource(at) : folderSource(join(at, 'public'));
  const note = await source.read('checkpoint');
  if (note === undefined)
    throw new UsageError(
      `there is no log at ${at}: it has no checkpoint`,
      'see that the folder or URL of --log or of the policy is right',
    );
  const origin = (utf8Text(note) ?? '').split('\n')[0]!;
  return { source, held: holdCheckpoint(policy.trust, origin, note), note };
}

/** The consistency proof goes from the smaller to the larger tree; only the log's own tree can give it. */
async function seenWith(
  seen: SeenLog,
  head: Seen['head'],
  source: TileSource,
  held: HeldCheckpoint,
  policy: CheckPolicy,
): Promise<Seen> {
  const { checkpoint } = holdCheckpoint(policy.trust, held.checkpoint.origin, seen.checkpoint);
  const [older, newer] =
    checkpoint.size <= held.checkpoint.size
      ? [checkpoint, held.checkpoint]
      : [held.checkpoint, checkpoint];
  let proof: ProofPath | undefined;
  try {
    proof = await new TreeReader(source, newer).consistencyClaimed(older.size);
  } catch {
    // A smaller tree than the one seen cannot prove the larger; what it shows is then judged as offline.
  }
  return {
    checkpoint: seen.checkpoint,
    ...(head === undefined ? {} : { head }),
    ...(proof === undefined ? {} : { proof }),
  };
}

/** By the artifact's digest, else by version, else the newest. */
function pick(chained: readonly LoggedEntry[], wanted: Wanted): LoggedEntry | undefined {
  const isVersion = ({ entry }: LoggedEntry) =>
    wanted.version !== undefined && 'version' in entry && entry.version === wanted.version;
  return (
    chained.findLast(({ entry }) => entry.digest === wanted.digest) ??
    chained.findLast(isVersion) ??
    (wanted.version === undefined ? chained.at(-1) : undefined)
  );
}

function isOfPolicy(
  { product, channel, maker }: CheckPolicy,
  entry: LoggedEntry['entry'],
): boolean {
  const isSame = entry.product === product && entry.channel === channel;
  return isSame && (maker === undefined || entry.maker === maker);
}

/** The published records, when the list has the root that the manifest names. */
function recordsOf(
  manifest: Uint8Array | undefined,
  list: Uint8Array | undefined,
): Pick<Gathered, 'publishedRecords'> {
  const update = updateIn(manifest);
  const records = update && list && parseRecordList(list, update.root);
  return records === undefined ? {} : { publishedRecords: records };
}

async function listOf(
  source: TileSource,
  manifest: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  const list = updateIn(manifest)?.list;
  return list === undefined ? undefined : artifact(source, list);
}

/** The manifest of an update; what is wrong with one is the check's to say. */
function updateIn(manifest: Uint8Array | undefined): UpdateManifest | undefined {
  if (manifest === undefined) return undefined;
  try {
    const parsed = parseManifest(manifest);
    return parsed.schema === 'avow.update/1' ? parsed : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function artifact(source: TileSource, digest: Digest): Promise<Uint8Array | undefined> {
  return source.read(`artifact/${digest.slice('sha256:'.length)}`);
}

function readIfThere(path: string, isWanted: boolean): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (!isWanted && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
