import { setTimeout as pause } from 'node:timers/promises';
import type { Digest } from '@avow/bytes';
import {
  type ChainedEntry,
  type ChainHead,
  entryDigest,
  entryIn,
  isChained,
  noteVerifier,
  openCheckpoint,
  openLog,
  parseVerifierKey,
  type TileSource,
  TreeReader,
} from '@avow/log';
import { UsageError } from '../../errors.ts';
import { Artifacts } from './artifacts.ts';
import { readLogConfig, writerSettings } from './config.ts';
import { chainHeads } from './heads.ts';
import { httpSource, isUrl, post } from './remote.ts';

/** A log that can be appended to: a folder here, or a server. */
export interface AppendTo {
  headOf(
    chain: Pick<ChainedEntry, 'type' | 'maker' | 'product' | 'channel'>,
  ): Promise<ChainHead | undefined>;
  keep(artifact: Uint8Array): Promise<Digest>;
  append(entry: Uint8Array): Promise<bigint>;
  /** The published checkpoint and its tree, once it has `size` entries. */
  published(size: bigint): Promise<{ readonly note: Uint8Array; readonly tree: TreeReader }>;
  close(): Promise<void>;
}

/** How long a checkpoint may take to get its quorum before the caller is told. */
const PUBLISH_TIMEOUT_MS = 60_000;

export async function openToAppend(
  log: string,
  options: { readonly key?: string; readonly token?: string },
): Promise<AppendTo> {
  if (!isUrl(log)) return folderToAppend(log);
  if (options.key === undefined) {
    throw new UsageError(
      'the key of a log at a URL must be given',
      'add --key, as avow log init printed it',
    );
  }
  return serverToAppend(log, options.key, options.token);
}

async function folderToAppend(folder: string): Promise<AppendTo> {
  const config = readLogConfig(folder);
  const settings = await writerSettings(config, console.error);
  const writer = await openLog(settings);
  const { store } = settings;
  const keys = config.publicKeys.map(noteVerifier);
  // Whatever the last writer left in the journal is in tiles first, so that heads are complete.
  while (!writer.halted) {
    const signed = openCheckpoint((await store.readSigned())!, config.origin, keys);
    if (signed.checkpoint.size >= writer.size) break;
    await pause(20);
  }
  const { checkpoint } = openCheckpoint((await store.readSigned())!, config.origin, keys);
  const heads = await chainHeads(folder, new TreeReader(store, checkpoint));
  const artifacts = new Artifacts(folder);
  return {
    headOf: async (chain) => heads.headOf(chain),
    keep: (bytes) => artifacts.keep(bytes),
    append: (entry) => writer.append(entry),
    published: async (size) => {
      const { head, note } = await withinTime(writer.whenPublished(size));
      return { note, tree: new TreeReader(store, head) };
    },
    close: () => writer.close(),
  };
}

function serverToAppend(url: string, key: string, token: string | undefined): AppendTo {
  const source = httpSource(url);
  const verifierKey = parseVerifierKey(key);
  const send = async (path: string, body: Uint8Array) => {
    const { status, text } = await post(url, path, body, token);
    if (status !== 200)
      throw new UsageError(`${url}${path} answers ${status}: ${text.trim()}`, 'see what it says');
    return text.trim();
  };
  return {
    headOf: (chain) => latestHead(source, chain),
    keep: async (bytes) => (await send('artifact', bytes)) as Digest,
    append: async (entry) => BigInt(await send('add', entry)),
    published: async (size) => {
      for (let waited = 0; waited < PUBLISH_TIMEOUT_MS; waited += 200) {
        const note = await source.read('checkpoint');
        if (note !== undefined) {
          const { checkpoint } = openCheckpoint(note, verifierKey.name, [
            noteVerifier(verifierKey),
          ]);
          if (checkpoint.size >= size) return { note, tree: new TreeReader(source, checkpoint) };
        }
        await pause(200);
      }
      throw late();
    },
    close: async () => {},
  };
}

/** The server's word for it: a wrong one only makes the log refuse the entry. */
async function latestHead(
  source: TileSource,
  chain: Pick<ChainedEntry, 'type' | 'maker' | 'product' | 'channel'>,
): Promise<ChainHead | undefined> {
  const path = `latest/${encodeURIComponent(chain.product)}/${encodeURIComponent(chain.channel)}`;
  const bytes = await source.read(path);
  if (bytes === undefined) return undefined;
  const heads = JSON.parse(Buffer.from(bytes).toString()) as readonly {
    index: string;
    entry: ChainedEntry;
    digest: Digest;
  }[];
  const head = heads.find(({ entry }) => entry.type === chain.type && entry.maker === chain.maker);
  return head && { index: BigInt(head.index), entry: head.entry, digest: head.digest };
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  const timeout = new AbortController();
  const late_ = pause(PUBLISH_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
    throw late();
  });
  try {
    return await Promise.race([work, late_]);
  } finally {
    timeout.abort();
    late_.catch(() => {});
  }
}

function late(): UsageError {
  return new UsageError(
    `the entry is in the log, but no checkpoint had its quorum within ${PUBLISH_TIMEOUT_MS / 1000} seconds`,
    'see that the witnesses answer; then avow log prove',
  );
}

/** The chained entry in bytes with its digest, or undefined. */
export function chainedIn(bytes: Uint8Array): { entry: ChainedEntry; digest: Digest } | undefined {
  const entry = entryIn(bytes);
  if (entry === undefined || !isChained(entry)) return undefined;
  return { entry, digest: entryDigest(bytes) };
}
