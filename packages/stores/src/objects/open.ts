import { Refused } from '@avow/bytes';
import type { S3Credentials } from './s3/settings.ts';
import type { ObjectStore } from './store.ts';

export interface ObjectOptions {
  /** For a bucket whose address has none. */
  readonly credentials?: S3Credentials;
}

/**
 * Opens `file:/path` or `s3://key:secret@bucket/prefix?endpoint=https://…&region=…`.
 * Keys are those of the address, percent-encoded, as a database's password is;
 * nothing is taken from the environment.
 *
 * Refuses `objects.url` for any other address, and for a bucket
 * `objects.unconditional`, `objects.denied`, `objects.unreachable`.
 */
export async function openObjects(
  url: string,
  { credentials }: ObjectOptions = {},
): Promise<ObjectStore> {
  if (url.startsWith('file:/')) {
    const { openObjectFolder } = await import('./folder.ts');
    return openObjectFolder(url.slice('file:'.length).replace(/^\/\/(?=\/)/, ''));
  }
  if (url.startsWith('s3://')) {
    const [{ openBucket }, { readS3Url }] = await Promise.all([
      import('./s3/store.ts'),
      import('./s3/settings.ts'),
    ]);
    return openBucket(readS3Url(url, credentials));
  }
  const scheme = /^[a-z+]{1,20}:/i.exec(url)?.[0] ?? 'no scheme';
  throw new Refused(
    'objects.url',
    undefined,
    `an address is file:/path or s3://key:secret@bucket/prefix, this one begins with ${scheme}`,
  );
}
