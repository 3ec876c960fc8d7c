import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureOf } from './s3-signature.ts';

/** What goes wrong with a request: refused before, done but unanswered, or answered in part. */
export type S3Fault = 'before' | 'after' | 'cut';

export const TEST_CREDENTIALS = {
  accessKeyId: 'AVOWTEST',
  secretAccessKey: 'test/secret+key',
} as const;

interface Kept {
  readonly bytes: Buffer;
  readonly tag: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/**
 * A bucket in memory that is strict where services are: signatures and digests
 * of bodies are checked, conditions are heeded. `fault` is asked before each
 * request, with its number from 0.
 */
export class S3Double {
  readonly #server: Server;
  readonly #objects = new Map<string, Kept>();
  fault: (request: number, method: string, key: string) => S3Fault | undefined = () => undefined;
  /** Behave like services that overwrite whatever is asked. */
  isHeedless = false;
  isFull = false;
  requests = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error) => response.destroy(error));
    });
  }

  static async start(): Promise<S3Double> {
    const double = new S3Double();
    await new Promise<void>((resolve) => double.#server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  /** `s3://…` of a prefix of the bucket. */
  url(prefix = 'avow'): string {
    const { port } = this.#server.address() as AddressInfo;
    return `s3://bucket/${prefix}?endpoint=${encodeURIComponent(`http://127.0.0.1:${port}`)}`;
  }

  get keys(): readonly string[] {
    return [...this.#objects.keys()].sort();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const url = new URL(request.url!, 'http://s3');
    const key = decodeURIComponent(url.pathname).replace(/^\/bucket\/?/, '');
    const fault = this.fault(this.requests++, request.method!, key);
    if (fault === 'before') {
      send(response, { status: 503, body: '<Error><Code>SlowDown</Code></Error>' });
      return;
    }
    const answer = denied(request, url, body) ?? this.#answer(request, url, key, body);
    if (fault === 'after') response.destroy();
    else if (fault === 'cut') sendHalf(response, answer);
    else send(response, answer);
  }

  #answer({ method, headers }: IncomingMessage, url: URL, key: string, body: Buffer): Answer {
    if (method === 'PUT') return this.#put(key, headers, body);
    if (method === 'DELETE') {
      this.#objects.delete(key);
      return { status: 204 };
    }
    if (key === '') return this.#list(url.searchParams);
    const kept = this.#objects.get(key);
    if (kept === undefined) return { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' };
    return ranged(kept, headers.range);
  }

  #put(key: string, headers: IncomingMessage['headers'], body: Buffer): Answer {
    const present = this.#objects.get(key);
    const match = headers['if-match'];
    if (!this.isHeedless) {
      if (headers['if-none-match'] === '*' && present !== undefined) return { status: 412 };
      if (match !== undefined && present === undefined) return { status: 404 };
      if (match !== undefined && present?.tag !== match) return { status: 412 };
    }
    if (this.isFull) return { status: 507 };
    const tag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.#objects.set(key, { bytes: body, tag });
    return { status: 200, headers: { etag: tag } };
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('start-after') ?? '';
    const most = Number(query.get('max-keys') ?? 1_000);
    const keys = this.keys.filter((key) => key.startsWith(prefix) && key > after);
    const listed = keys.slice(0, most).map((key) => `<Contents><Key>${key}</Key></Contents>`);
    const isTruncated = keys.length > most;
    return {
      status: 200,
      body: `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${listed.join('')}</ListBucketResult>`,
    };
  }
}

/** Undefined when the request is signed by our key, and its body is what was signed. */
function denied(request: IncomingMessage, url: URL, body: Buffer): Answer | undefined {
  const { authorization = '' } = request.headers;
  const claimed = /Signature=([0-9a-f]{64})$/.exec(authorization)?.[1] ?? '';
  const right = signatureOf(request, url, TEST_CREDENTIALS);
  const isSigned =
    claimed.length === right.length && timingSafeEqual(Buffer.from(claimed), Buffer.from(right));
  if (!isSigned) {
    return { status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (request.headers['x-amz-content-sha256'] === sha256) return undefined;
  return { status: 400, body: '<Error><Code>XAmzContentSHA256Mismatch</Code></Error>' };
}

function ranged({ bytes, tag }: Kept, range: string | undefined): Answer {
  const headers = { etag: tag };
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
  if (asked === null) return { status: 200, headers, body: bytes };
  const from = Number(asked[1]);
  if (from >= bytes.length) return { status: 416 };
  return { status: 206, headers, body: bytes.subarray(from, Number(asked[2]) + 1) };
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': `${bytes.length}` });
  response.end(bytes);
}

function sendHalf(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': `${bytes.length + 1}` });
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
