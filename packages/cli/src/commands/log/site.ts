import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refused } from '@avow/bytes';
import {
  type ChainHeads,
  chainFaults,
  isChained,
  type LogStore,
  type LogWriter,
  MAX_ENTRY_SIZE,
  parseEntry,
  parseTilePath,
  TILE_WIDTH,
} from '@avow/log';
import { type Answer, BYTES, bodyOf, FRESH, IMMUTABLE, TEXT, text } from './answer.ts';
import type { Artifacts } from './artifacts.ts';
import { MAX_ARTIFACT } from './remote.ts';

export interface Site {
  readonly writer: LogWriter;
  readonly store: LogStore;
  readonly heads: ChainHeads;
  readonly artifacts: Artifacts;
  /** Who may append: whoever knows it; anyone when undefined. */
  readonly token: string | undefined;
  /** Other bytes than entries may be logged too. */
  readonly isAnyEntry: boolean;
}

/** Answers one request of a log's site: its files, and what appends to it. */
export async function answerLog(site: Site, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '/').split('?')[0]!.slice(1);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return answerRead(site, path);
    case 'POST':
      if (!isAllowed(site, request)) return text(401, 'a bearer token is needed to write\n');
      if (path === 'add') return answerAdd(site, request);
      if (path === 'artifact') return answerKeep(site, request);
      return text(404, 'POST goes to /add or /artifact\n');
    default:
      return text(405, 'GET, HEAD or POST\n');
  }
}

async function answerRead(site: Site, path: string): Promise<Answer> {
  if (path === 'checkpoint') {
    const bytes = await site.store.readPublished();
    if (bytes === undefined) return text(404, 'no checkpoint has its quorum yet\n');
    return { status: 200, contentType: TEXT, body: bytes, cache: FRESH };
  }
  const tile = parseTilePath(path);
  if (tile !== undefined) {
    const bytes = await site.store.read(path);
    const missing = tile.width < TILE_WIDTH ? 'ask for the full tile\n' : 'not there yet\n';
    if (bytes === undefined) return text(404, missing);
    return { status: 200, contentType: BYTES, body: bytes, cache: IMMUTABLE };
  }
  const artifact = /^artifact\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (artifact !== undefined) {
    const bytes = await site.artifacts.read(artifact);
    if (bytes === undefined) return text(404, 'no artifact has this digest here\n');
    return { status: 200, contentType: BYTES, body: bytes, cache: IMMUTABLE };
  }
  const latest = /^latest\/([^/]+)\/([^/]+)$/.exec(path);
  if (latest !== null) return answerLatest(site, latest[1]!, latest[2]!);
  return text(404, 'there are /checkpoint, /tile/…, /artifact/… and /latest/PRODUCT/CHANNEL\n');
}

/** The newest entries of a product's chains, each with its number, for a reader to prove. */
function answerLatest(site: Site, product: string, channel: string): Answer {
  let names: readonly [string, string];
  try {
    names = [decodeURIComponent(product), decodeURIComponent(channel)];
  } catch {
    return text(400, 'the path is not percent-encoded UTF-8\n');
  }
  const heads = site.heads.latest(...names);
  if (heads.length === 0) return text(404, 'nothing of this product on this channel\n');
  const body = JSON.stringify(
    heads.map(({ index, entry, digest }) => ({ index: `${index}`, digest, entry })),
  );
  return { status: 200, contentType: 'application/json', body: `${body}\n`, cache: FRESH };
}

async function answerAdd(site: Site, request: IncomingMessage): Promise<Answer> {
  const entry = await bodyOf(request, MAX_ENTRY_SIZE);
  if (entry === undefined) return text(413, `an entry has at most ${MAX_ENTRY_SIZE} bytes\n`);
  try {
    const fault = site.isAnyEntry ? undefined : entryFault(site, entry);
    if (fault !== undefined) return text(409, `${fault}\n`);
    if (!site.writer.isTaking) {
      const isHalted = site.writer.halted !== undefined;
      return text(
        isHalted ? 503 : 429,
        isHalted ? 'the log has halted\n' : 'too many entries wait\n',
      );
    }
    // Following and queueing are one act: entries get their numbers in this order.
    const number = site.writer.append(entry);
    site.heads.follow(entry);
    return text(200, `${await number}\n`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return text(statusOf(error), `${error.message}\n`);
  }
}

function entryFault(site: Site, bytes: Uint8Array): string | undefined {
  const entry = parseEntry(bytes);
  if (!isChained(entry)) return undefined;
  const faults = chainFaults(site.heads.headOf(entry), entry);
  return faults.length === 0 ? undefined : faults.map(({ message }) => message).join('; ');
}

async function answerKeep(site: Site, request: IncomingMessage): Promise<Answer> {
  const bytes = await bodyOf(request, MAX_ARTIFACT);
  if (bytes === undefined) return text(413, `an artifact has at most ${MAX_ARTIFACT} bytes\n`);
  return text(200, `${await site.artifacts.keep(bytes)}\n`);
}

function statusOf({ code }: Refused): number {
  if (code === 'log.busy') return 429;
  if (code === 'log.halted') return 503;
  return 400;
}

function isAllowed({ token }: Site, request: IncomingMessage): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
