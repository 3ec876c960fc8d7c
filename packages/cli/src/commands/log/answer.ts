import type { IncomingMessage, ServerResponse } from 'node:http';

/** An HTTP answer of the log or the witness. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string;
  readonly cache?: string;
}

export const TEXT = 'text/plain; charset=utf-8';
export const BYTES = 'application/octet-stream';
/** Tiles never change (tlog-tiles; as Tessera serves them). */
export const IMMUTABLE = 'max-age=31536000, immutable';
/** A checkpoint is out of date within a second. */
export const FRESH = 'no-cache';

export function text(status: number, body: string): Answer {
  return { status, contentType: TEXT, body, cache: FRESH };
}

export function send(response: ServerResponse, { status, contentType, body, cache }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    ...(cache === undefined ? {} : { 'cache-control': cache }),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** A request's body, or undefined when it is larger than `most`. */
export async function bodyOf(
  request: IncomingMessage,
  most: number,
): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) return undefined;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
