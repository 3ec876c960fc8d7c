import { Refused } from '@avow/bytes';
import { noteVerifier, type TileSource, type VerifierKey, type Witness } from '@avow/log';
import { UsageError } from '../../errors.ts';

/** A witness that answers later is as good as none: checkpoints are to be out within a second. */
const WITNESS_TIMEOUT_MS = 2_000;
/** Of a log's files: a tile has 8 KiB, a bundle of longest entries 16 MiB. */
const READ_TIMEOUT_MS = 30_000;
const MAX_READ = 17 << 20;
/** Of a manifest, or of an archive that is kept beside the log. */
export const MAX_ARTIFACT = 128 << 20;

/** A witness reached over HTTP, at its submission prefix. */
export function httpWitness(name: string, key: VerifierKey, url: string): Witness {
  return {
    name,
    keys: [noteVerifier(key)],
    addCheckpoint: async (body) => {
      const response = await reached(`${withSlash(url)}add-checkpoint`, {
        method: 'POST',
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(WITNESS_TIMEOUT_MS),
        redirect: 'error',
      });
      return { status: response.status, body: await bodyOf(response, 64 << 10) };
    },
  };
}

/** A log's files over HTTP, under its prefix. */
export function httpSource(url: string): TileSource {
  return {
    read: async (path) => {
      const response = await reached(withSlash(url) + path, {
        signal: AbortSignal.timeout(READ_TIMEOUT_MS),
      });
      if (response.status === 404 || response.status === 410) {
        await response.body?.cancel();
        return undefined;
      }
      if (!response.ok) {
        throw new UsageError(`${url} answers ${response.status} to ${path}`, 'try again later');
      }
      return bodyOf(response, path.startsWith('artifact/') ? MAX_ARTIFACT : MAX_READ);
    },
  };
}

/** Posts bytes to a log's server. */
export async function post(
  url: string,
  path: string,
  body: Uint8Array,
  token: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await reached(withSlash(url) + path, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(READ_TIMEOUT_MS),
  });
  return { status: response.status, text: await response.text() };
}

/** A server that cannot be reached is the network's matter, said with its address. */
async function reached(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const said = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new Refused('log.unreachable', undefined, `${address} cannot be reached: ${said}`);
  }
}

export function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/** A server may send without end: reading stops at `most` bytes. */
async function bodyOf(response: Response, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > most)
      throw new UsageError(`more than ${most} bytes from ${response.url}`, 'try another server');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
