import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { base64Of, bytesOfBase64, type Digest, Refused } from '@avow/bytes';
import {
  type ChainedEntry,
  type ChainHead,
  ChainHeads,
  chainOf,
  entryIn,
  isChained,
  isSameHash,
  TileEdge,
} from '@avow/log';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { shown } from '../../render/shown.ts';
import { compareEntries } from './monitor-compare.ts';
import { type ReadLog, readLog } from './read.ts';

export interface MonitorOptions {
  readonly key?: string;
  readonly mirror?: string;
  readonly product?: string;
  readonly state: string;
  readonly follow?: number;
  readonly examine: boolean;
  readonly cache: boolean;
}

/** Where the last look ended: the tree then, and each chain's newest entry. */
interface Place {
  readonly size: string;
  readonly root: string;
  readonly heads: readonly {
    readonly index: string;
    readonly entry: ChainedEntry;
    readonly digest: Digest;
  }[];
}

/**
 * Reads what is new in a log, verified from the last look on, and says it:
 * releases, updates, what each adds, verdicts, and every broken chain.
 *
 * Refuses `proof.mismatch` when the log is not the one seen last time.
 */
export async function monitorCommand(
  name: string,
  options: MonitorOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  let isAnythingWrong = false;
  do {
    isAnythingWrong =
      (await lookOnce(await readLog(name, options.key, options.mirror), options, signal)) ||
      isAnythingWrong;
    if (options.follow === undefined) break;
    await pause(options.follow * 1000, undefined, { signal }).catch(() => {});
  } while (!signal.aborted);
  return isAnythingWrong ? EXIT.findings : EXIT.ok;
}

async function lookOnce(
  log: ReadLog,
  options: MonitorOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { tree, checkpoint } = log;
  const place = readPlace(options.state);
  if (place !== undefined) {
    await tree.consistency({ size: BigInt(place.size), root: bytesOfBase64(place.root)! });
  }
  const heads = new ChainHeads(BigInt(place?.size ?? 0), headsOf(place));
  const edge =
    place === undefined || place.size === '0' ? new TileEdge() : await edgeAt(log, place);
  let isAnythingWrong = false;
  while (heads.size < checkpoint.size) {
    const bundle = await tree.bundle(heads.size / 256n);
    for (const bytes of bundle.slice(Number(heads.size % 256n))) {
      const index = heads.size;
      edge.append(bytes);
      const lines = await linesOf(log, heads, index, bytes, options, signal);
      isAnythingWrong ||= lines.some((line) => line.startsWith('!'));
      for (const line of lines) process.stdout.write(`${line}\n`);
    }
    edge.takeFull();
  }
  if (!isSameHash(edge.root(), checkpoint.root)) {
    throw new Refused(
      'proof.mismatch',
      undefined,
      'the entries served do not lead to the signed root',
    );
  }
  keepPlace(options.state, heads, log);
  return isAnythingWrong;
}

/** What one entry is worth saying; a line that begins with `!` needs a person. */
async function linesOf(
  log: ReadLog,
  heads: ChainHeads,
  index: bigint,
  bytes: Uint8Array,
  options: MonitorOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const entry = entryIn(bytes);
  const before = entry !== undefined && isChained(entry) ? heads.headOf(entry) : undefined;
  const faults = heads.follow(bytes);
  if (entry === undefined || entry.type === 'claim') return [];
  if (options.product !== undefined && entry.product !== options.product) return [];
  const at = `entry ${index}`;
  if (entry.type === 'verdict') {
    return [
      `! ${at}: verdict on ${shown(entry.product)} by ${shown(entry.judge)}: ${entry.outcome}`,
    ];
  }
  if (entry.type === 'advisory')
    return [`! ${at}: advisory ${shown(entry.id)} on ${shown(entry.product)}`];
  const version =
    'version' in entry && entry.version !== undefined ? ` (${shown(entry.version)})` : '';
  const name = `${entry.type} ${entry.number}${version} of ${shown(entry.product)} on ${shown(entry.channel)}`;
  const lines = [`  ${at}: ${name}, ${entry.digest}`];
  for (const { kind, message } of faults) {
    const twice = kind === 'duplicate' && before?.entry.digest !== entry.digest;
    lines.push(`! ${at}: ${twice ? 'two digests under one number: ' : ''}${shown(message)}`);
  }
  if (before === undefined) return lines;
  const remarks = await compareEntries(log.source, before.entry, entry, options, signal);
  return [...lines, ...remarks.map(({ isAlarm, text }) => `${isAlarm ? '!' : ' '} ${at}: ${text}`)];
}

/** The edge of the tree at the last look, from the tiles of today's. */
async function edgeAt({ source }: ReadLog, place: Place): Promise<TileEdge> {
  const { TreeReader } = await import('@avow/log');
  return new TreeReader(source, {
    size: BigInt(place.size),
    root: bytesOfBase64(place.root)!,
  }).edge();
}

function headsOf(place: Place | undefined): Iterable<readonly [string, ChainHead]> {
  return (place?.heads ?? []).map(
    ({ index, entry, digest }) =>
      [chainOf(entry), { index: BigInt(index), entry, digest }] as const,
  );
}

function readPlace(path: string): Place | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Place) : undefined;
}

function keepPlace(path: string, heads: ChainHeads, { checkpoint }: ReadLog): void {
  const place: Place = {
    size: `${checkpoint.size}`,
    root: base64Of(checkpoint.root),
    heads: [...heads.heads()].map(([, { index, entry, digest }]) => ({
      index: `${index}`,
      entry,
      digest,
    })),
  };
  writeFileSync(`${path}.new`, JSON.stringify(place));
  renameSync(`${path}.new`, path);
}
