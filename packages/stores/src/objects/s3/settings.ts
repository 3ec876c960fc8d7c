import { Refused } from '@avow/bytes';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3Settings {
  /** `https://s3.eu-central-1.amazonaws.com/bucket/prefix/`: names are appended. */
  readonly base: URL;
  readonly bucket: URL;
  /** What the names of all objects begin with in the bucket. */
  readonly prefix: string;
  readonly region: string;
  readonly credentials: S3Credentials;
}

const DEFAULT_REGION = 'us-east-1';

/**
 * Reads `s3://key:secret@bucket/prefix?endpoint=https://…&region=…`; without an
 * endpoint it is Amazon's of the region. Buckets are named in the path, which
 * every service understands.
 *
 * Refuses `objects.url`, and never tells the address: it has the secret.
 */
export function readS3Url(url: string, given: S3Credentials | undefined): S3Settings {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '') {
    throw new Refused('objects.url', undefined, 'no bucket in s3://key:secret@bucket/prefix');
  }
  const credentials = credentialsOf(parsed) ?? given;
  if (credentials === undefined) {
    throw new Refused('objects.url', undefined, 'a bucket needs an access key and its secret');
  }
  const region = parsed.searchParams.get('region') ?? DEFAULT_REGION;
  const service = parsed.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`;
  const endpoint = URL.parse(service);
  if (endpoint === null || !/^https?:$/.test(endpoint.protocol)) {
    throw new Refused('objects.url', undefined, `the endpoint is no http address: ${service}`);
  }
  const path = parsed.pathname.replaceAll(/^\/+|\/+$/g, '');
  const prefix = path === '' ? '' : `${path}/`;
  const bucket = new URL(`${endpoint.pathname.replace(/\/$/, '')}/${parsed.hostname}`, endpoint);
  return { base: new URL(`${bucket.href}/${prefix}`), bucket, prefix, region, credentials };
}

function credentialsOf({ username, password }: URL): S3Credentials | undefined {
  if (username === '' || password === '') return undefined;
  return {
    accessKeyId: decodeURIComponent(username),
    secretAccessKey: decodeURIComponent(password),
  };
}
