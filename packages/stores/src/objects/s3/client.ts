import { openAsBlob } from 'node:fs';
import { digestOf, Refused } from '@avow/bytes';
import { AwsV4Signer } from 'aws4fetch';
import { digestOfFile } from '../file-digest.ts';
import type { Content } from '../store.ts';
import type { S3Settings } from './settings.ts';

/** Attempts at one request, with pauses doubling from `FIRST_PAUSE_MS`: some 25 seconds in all. */
const MAX_ATTEMPTS = 9;
const FIRST_PAUSE_MS = 50;
/** A request without an answer for so long has failed. */
const ANSWER_MS = 60_000;

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** An earlier attempt of this request got no clear answer, so it may have been done already. */
  readonly isRepeated: boolean;
}

/**
 * Sends signed requests (AWS Signature Version 4) until there is an answer that
 * is not the service's trouble. The digest of what is sent is signed with it, so
 * bytes that change on the way are turned down.
 *
 * Refuses `objects.unreachable`, `objects.denied`, `storage.full`.
 */
export async function ask(settings: S3Settings, request: S3Request): Promise<S3Answer> {
  const body = await bodyOf(request.content);
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(settings, request, body);
    if ('status' in outcome) return held({ ...outcome, isRepeated: attempt > 1 }, request);
    if (attempt === MAX_ATTEMPTS) {
      throw new Refused(
        'objects.unreachable',
        undefined,
        `${request.method} failed ${attempt} times: ${outcome.why}`,
      );
    }
    const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
  }
}

interface Body {
  readonly bytes: Uint8Array | Blob | undefined;
  readonly sha256: string;
}

async function bodyOf(content: Content | undefined): Promise<Body> {
  if (content === undefined) return { bytes: undefined, sha256: hexOf(digestOf('')) };
  if (content instanceof Uint8Array) return { bytes: content, sha256: hexOf(digestOf(content)) };
  const sha256 = hexOf(await digestOfFile(content.file));
  return { bytes: await openAsBlob(content.file), sha256 };
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}

type Outcome = Omit<S3Answer, 'isRepeated'> | { readonly why: string };

async function attemptOnce(
  { credentials, region }: S3Settings,
  { method, url, headers = {} }: S3Request,
  { bytes, sha256 }: Body,
): Promise<Outcome> {
  const signer = new AwsV4Signer({
    ...credentials,
    method,
    url: url.href,
    region,
    service: 's3',
    headers: { ...headers, 'x-amz-content-sha256': sha256 },
  });
  const signed = await signer.sign();
  try {
    const answer = await fetch(signed.url, {
      method,
      headers: signed.headers,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(bytes === undefined ? {} : { body: bytes as NonNullable<RequestInit['body']> }),
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    if (!isTrouble(answer.status)) return { status: answer.status, headers: answer.headers, body };
    return { why: `status ${answer.status}` };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { why: cause?.message ?? message };
  }
}

/** What another attempt may mend: timeouts, conflicts of writes at once (409), slowing down, failures. */
function isTrouble(status: number): boolean {
  return (
    status === 408 || status === 409 || status === 429 || (status >= 500 && status !== FULL_STATUS)
  );
}

/** RFC 4918; services on disks of their own say so. */
const FULL_STATUS = 507;

function held(answer: S3Answer, { method }: S3Request): S3Answer {
  const { status, body } = answer;
  if (status === FULL_STATUS) {
    throw new Refused('storage.full', undefined, 'the object service has no room');
  }
  if (status === 401 || status === 403) {
    const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(new TextDecoder().decode(body))?.[1] ?? '';
    throw new Refused('objects.denied', undefined, `${method}: ${status} ${code}`);
  }
  return answer;
}
