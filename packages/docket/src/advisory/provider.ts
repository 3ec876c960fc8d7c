import { hashOf, hexOf, utf8Bytes } from '@avow/bytes';
import type { JsonObject } from '@avow/log';
import type { Advisory, Publisher } from './advisory.ts';
import { codeScanningDocument } from './code-scanning.ts';
import { csafDocument, csafFileName, csafPath, locatorPath } from './csaf.ts';
import { atomFeed, jsonFeed } from './feed.ts';
import { openVexDocument } from './openvex.ts';
import { osvDocument } from './osv.ts';
import { sarifDocument } from './sarif.ts';

/** The key that signs documents; without one the provider is no trusted one. */
export interface SigningKey {
  /** 40 hex digits or more. */
  readonly fingerprint: string;
  /** The public key, ASCII-armored. */
  readonly armored: string;
  /** Detached signatures, ASCII-armored, by path. */
  readonly signatures: ReadonlyMap<string, string>;
}

/**
 * All files of a CSAF provider (CSAF 2.0, section 7): documents in folders of
 * their year, hashes, index and changes, a ROLIE feed (RFC 8322), provider
 * metadata; and beside them OpenVEX, SARIF, OSV, Atom and JSON Feed.
 */
export function providerFiles(
  advisories: readonly Advisory[],
  publisher: Publisher,
  key?: SigningKey,
): ReadonlyMap<string, string> {
  const newest = [...advisories].sort((one, other) => compare(updatedOf(other), updatedOf(one)));
  const files = new Map<string, string>();
  for (const advisory of newest) {
    const path = `white/${csafPath(advisory)}`;
    const text = printed(csafDocument(advisory, publisher));
    files.set(path, text);
    addHashes(files, path, text);
    const signature = key?.signatures.get(path);
    if (signature !== undefined) files.set(`${path}.asc`, signature);
    addOthers(files, advisory, publisher);
  }
  const documents = newest.map((one) => csafPath(one));
  files.set('white/index.txt', lines(documents));
  files.set(
    'white/changes.csv',
    lines(newest.map((one) => `"${csafPath(one)}","${updatedOf(one)}"`)),
  );
  files.set('white/feed-tlp-white.json', printed(rolieFeed(newest, publisher, key)));
  files.set('provider-metadata.json', printed(providerMetadata(newest, publisher, key)));
  files.set('feed.atom', atomFeed(newest, publisher));
  files.set('feed.json', printed(jsonFeed(newest, publisher)));
  if (key !== undefined) files.set(`openpgp/${key.fingerprint.toUpperCase()}.asc`, key.armored);
  return files;
}

function addHashes(files: Map<string, string>, path: string, text: string): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (const hash of ['sha256', 'sha512'] as const) {
    files.set(`${path}.${hash}`, `${hexOf(hashOf(hash, utf8Bytes(text)))}  ${name}\n`);
  }
}

function addOthers(files: Map<string, string>, advisory: Advisory, publisher: Publisher): void {
  const name = csafFileName(advisory.id);
  files.set(locatorPath(advisory), `${advisory.locator}\n`);
  const documents: readonly (readonly [string, JsonObject | undefined])[] = [
    [`openvex/${name}`, openVexDocument(advisory, publisher)],
    [`sarif/${name.replace(/\.json$/, '.sarif')}`, sarifDocument(advisory)],
    [
      `sarif/${name.replace(/\.json$/, '.code-scanning.sarif')}`,
      codeScanningDocument(advisory, publisher.declaration),
    ],
    [`osv/${name}`, osvDocument(advisory)],
  ];
  for (const [path, document] of documents) {
    if (document !== undefined) files.set(path, printed(document));
  }
}

/** The outer `feed` and the `category` are what downloaders look for. */
function rolieFeed(
  advisories: readonly Advisory[],
  { base, name }: Publisher,
  key: SigningKey | undefined,
): JsonObject {
  const url = `${base}/white/feed-tlp-white.json`;
  return {
    feed: {
      id: 'feed-tlp-white',
      title: `CSAF documents of ${name} (TLP:WHITE)`,
      link: [{ rel: 'self', href: url }],
      category: [{ scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' }],
      updated: newestOf(advisories),
      entry: advisories.map((advisory) => {
        const href = `${base}/white/${csafPath(advisory)}`;
        return {
          id: advisory.id,
          title: advisory.title,
          link: [
            { rel: 'self', href },
            { rel: 'hash', href: `${href}.sha256` },
            { rel: 'hash', href: `${href}.sha512` },
            ...(key === undefined ? [] : [{ rel: 'signature', href: `${href}.asc` }]),
          ],
          published: advisory.revisions[0]!.at,
          updated: updatedOf(advisory),
          content: { type: 'application/json', src: href },
          format: {
            schema: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json',
            version: '2.0',
          },
        };
      }),
    },
  };
}

function providerMetadata(
  advisories: readonly Advisory[],
  { base, name, namespace }: Publisher,
  key: SigningKey | undefined,
): JsonObject {
  return {
    canonical_url: `${base}/provider-metadata.json`,
    distributions: [
      { directory_url: `${base}/white/` },
      {
        rolie: {
          feeds: [
            {
              summary: 'All documents, TLP:WHITE',
              tlp_label: 'WHITE',
              url: `${base}/white/feed-tlp-white.json`,
            },
          ],
        },
      },
    ],
    last_updated: newestOf(advisories),
    list_on_CSAF_aggregators: true,
    metadata_version: '2.0',
    mirror_on_CSAF_aggregators: true,
    ...(key === undefined
      ? {}
      : {
          public_openpgp_keys: [
            {
              fingerprint: key.fingerprint,
              url: `${base}/openpgp/${key.fingerprint.toUpperCase()}.asc`,
            },
          ],
        }),
    publisher: { category: 'coordinator', name, namespace },
    role: key === undefined ? 'csaf_provider' : 'csaf_trusted_provider',
  };
}

function updatedOf({ revisions }: Advisory): string {
  return revisions.at(-1)!.at;
}

function newestOf(advisories: readonly Advisory[]): string {
  return advisories.map(updatedOf).sort().at(-1) ?? '1970-01-01T00:00:00.000Z';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function printed(value: JsonObject): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
