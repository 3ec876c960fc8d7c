import type { z } from 'zod';
import { type upload as uploadShape, uploads } from '../contract/uploads.ts';
import { type Client, ServiceRefused } from './client.ts';

type Upload = z.output<typeof uploadShape>;

/** Bytes of one request: small enough to be sent again. */
const PART = 8 * 1024 ** 2;
/** Attempts at one part; each asks first how far the service came. */
const ATTEMPTS = 5;
const PAUSE_MS = 500;

/** Hands an artifact in, part by part; a connection that breaks costs one part. */
export async function handIn(
  client: Client,
  file: string,
  bytes: Uint8Array,
  isPublic: boolean,
  tell: (done: number) => void = () => {},
): Promise<Upload> {
  let upload = await client.call(uploads.create, { body: { file, size: bytes.length, isPublic } });
  for (let failures = 0; upload.state === 'open'; tell(upload.offset)) {
    try {
      const part = bytes.subarray(upload.offset, upload.offset + PART);
      const response = await client.send(
        uploads.append,
        { params: { upload: upload.id } },
        {
          body: part as Uint8Array<ArrayBuffer>,
          headers: {
            'content-type': 'application/offset+octet-stream',
            'upload-offset': String(upload.offset),
          },
        },
      );
      upload = (await response.json()) as Upload;
    } catch (error) {
      const isPassing =
        error instanceof ServiceRefused && (error.status === 0 || error.status >= 500);
      const isBehind = error instanceof ServiceRefused && error.code === 'upload.offset';
      failures += 1;
      if ((!isPassing && !isBehind) || failures >= ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * failures));
      upload = await client.call(uploads.read, { params: { upload: upload.id } });
    }
  }
  return upload;
}
