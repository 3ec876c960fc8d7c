import { Refused } from '@avow/bytes';
import {
  type ByteRange,
  type Content,
  type ListQuery,
  type ObjectStore,
  objectName,
  PIECE,
} from '../store.ts';
import { ask, type S3Answer, type S3Request } from './client.ts';
import { namesOfListing } from './listing.ts';
import type { S3Settings } from './settings.ts';

const PRECONDITION_FAILED = 412;
/** S3 takes no more names in one answer. */
const MAX_LISTED = 1_000;

/**
 * Opens a bucket, and makes sure that it heeds conditions: a service that
 * overwrites in spite of `If-None-Match` would lose what was promised.
 *
 * Refuses `objects.unconditional` for such a service.
 */
export async function openBucket(settings: S3Settings): Promise<ObjectStore> {
  const bucket = new Bucket(settings);
  await bucket.put(PROBE, PROBE_BYTES);
  const again = await bucket.asked(PROBE, {
    method: 'PUT',
    headers: { 'if-none-match': '*' },
    content: PROBE_BYTES,
  });
  if (again.status !== PRECONDITION_FAILED) {
    throw new Refused(
      'objects.unconditional',
      undefined,
      `writing over what is there was answered with ${again.status}, not 412`,
    );
  }
  return bucket;
}

const PROBE = 'avow-probe';
const PROBE_BYTES = new TextEncoder().encode('Avow keeps its objects here.\n');

/** Objects in a bucket by conditional PUT (S3 API 2006-03-01, If-None-Match and If-Match). */
class Bucket implements ObjectStore {
  readonly #settings: S3Settings;

  constructor(settings: S3Settings) {
    this.#settings = settings;
  }

  async put(name: string, content: Content): Promise<boolean> {
    const headers = { 'if-none-match': '*' };
    const answer = await this.asked(name, { method: 'PUT', headers, content });
    if (answer.status !== PRECONDITION_FAILED) return isDone(answer, 'PUT');
    // Of an attempt whose answer was lost nobody knows; what is there tells.
    return answer.isRepeated && content instanceof Uint8Array && this.#has(name, content);
  }

  async replace(name: string, old: Uint8Array | undefined, next: Uint8Array): Promise<boolean> {
    if (old === undefined) return this.put(name, next);
    const present = await this.asked(name, { method: 'GET' });
    const tag = present.headers.get('etag');
    if (present.status === 404 || tag === null || !isSame(present.body, old)) return false;
    const headers = { 'if-match': tag };
    const answer = await this.asked(name, { method: 'PUT', headers, content: next });
    if (answer.status !== PRECONDITION_FAILED && answer.status !== 404)
      return isDone(answer, 'PUT');
    if (!answer.isRepeated) return false;
    if (await this.#has(name, next)) return true;
    throw new Refused(
      'objects.lost',
      undefined,
      `an answer about ${name} was lost, and something else is there by now`,
    );
  }

  async get(name: string, range?: ByteRange): Promise<Uint8Array | undefined> {
    if (range !== undefined && range.to <= range.from) {
      return (await this.size(name)) === undefined ? undefined : new Uint8Array(0);
    }
    const headers = range && { range: `bytes=${range.from}-${range.to - 1}` };
    const answer = await this.asked(name, { method: 'GET', ...(headers && { headers }) });
    if (answer.status === 404) return undefined;
    // The range begins behind the last byte.
    if (answer.status === 416) return new Uint8Array(0);
    isDone(answer, 'GET');
    // A service may give the whole though it was asked for a part.
    return range !== undefined && answer.status === 200
      ? answer.body.slice(range.from, range.to)
      : answer.body;
  }

  async stream(name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const size = await this.size(name);
    return size === undefined ? undefined : this.#pieces(name, size);
  }

  async size(name: string): Promise<number | undefined> {
    const answer = await this.asked(name, { method: 'HEAD' });
    if (answer.status === 404) return undefined;
    isDone(answer, 'HEAD');
    return Number(answer.headers.get('content-length'));
  }

  async list({ prefix, after, limit }: ListQuery): Promise<readonly string[]> {
    const { bucket, prefix: own } = this.#settings;
    const names: string[] = [];
    for (let last = after; names.length < limit; last = names.at(-1)) {
      const most = Math.min(limit - names.length, MAX_LISTED);
      const url = new URL(bucket);
      url.search = `${new URLSearchParams({
        'list-type': '2',
        'max-keys': `${most}`,
        prefix: own + prefix,
        ...(last === undefined ? {} : { 'start-after': own + last }),
      })}`;
      const answer = await ask(this.#settings, { method: 'GET', url });
      isDone(answer, 'GET');
      const page = namesOfListing(answer.body);
      names.push(...page.names.map((name) => name.slice(own.length)));
      if (!page.isTruncated || page.names.length === 0) break;
    }
    return names.filter((name) => name !== PROBE);
  }

  async remove(name: string): Promise<void> {
    const answer = await this.asked(name, { method: 'DELETE' });
    if (answer.status !== 404) isDone(answer, 'DELETE');
  }

  async close(): Promise<void> {}

  asked(name: string, request: Omit<S3Request, 'url'>): Promise<S3Answer> {
    return ask(this.#settings, {
      ...request,
      url: new URL(objectName(name), this.#settings.base),
    });
  }

  /** Piece by piece, so that a connection that breaks costs one piece. */
  async *#pieces(name: string, size: number): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < size; from += PIECE) {
      const piece = await this.get(name, { from, to: from + PIECE });
      if (piece === undefined) {
        throw new Refused('objects.unreachable', from, `${name} was removed while it was read`);
      }
      yield piece;
    }
  }

  async #has(name: string, bytes: Uint8Array): Promise<boolean> {
    const present = await this.get(name);
    return present !== undefined && isSame(present, bytes);
  }
}

function isDone({ status }: S3Answer, method: string): true {
  if (status >= 200 && status < 300) return true;
  throw new Refused('objects.unreachable', undefined, `${method} was answered with ${status}`);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
