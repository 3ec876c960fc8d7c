import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { digestOf, hashOf, hexOf, utf8Bytes } from '@avow/bytes';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { csafDocument, csafFileName, csafPath } from './csaf.ts';
import { openVexDocument } from './openvex.ts';
import { osvDocument } from './osv.ts';
import { providerFiles } from './provider.ts';
import { sarifDocument } from './sarif.ts';
import { ADVISORIES, PUBLISHER } from './testdata/advisories.ts';

const worker = new Worker(new URL('./testdata/validate.mjs', import.meta.url));
after(() => worker.terminate());

async function validated(document: unknown): Promise<{ count: number; faults: readonly string[] }> {
  worker.postMessage(document);
  const [result] = await once(worker, 'message');
  return result;
}

test('every CSAF document passes the schema and all mandatory tests of CSAF 2.0', async () => {
  for (const advisory of ADVISORIES) {
    const { count, faults } = await validated(csafDocument(advisory, PUBLISHER));
    assert.ok(count > 40, `${count} tests ran`);
    assert.deepEqual(faults, [], `${advisory.id}, ${advisory.outcome}`);
  }
});

test('and the validator does find what is wrong', async () => {
  const document = csafDocument(ADVISORIES[0]!, PUBLISHER) as { vulnerabilities: object[] };
  const broken = {
    ...document,
    vulnerabilities: [{ ...document.vulnerabilities[0], remediations: [] }],
  };
  assert.notDeepEqual((await validated(broken)).faults, []);
});

test('OpenVEX: what is required is there, each status with its one reason, and no word for what is declared', () => {
  for (const advisory of ADVISORIES) {
    const document = openVexDocument(advisory, PUBLISHER);
    if (advisory.outcome === 'declared') {
      assert.equal(document, undefined);
      continue;
    }
    for (const field of ['@context', '@id', 'author', 'timestamp', 'version', 'statements']) {
      assert.ok(Object.hasOwn(document!, field), field);
    }
    for (const statement of document!['statements'] as Record<string, unknown>[]) {
      const { vulnerability, products, status } = statement as {
        vulnerability: { name: string };
        products: { '@id': string }[];
        status: string;
      };
      assert.ok(vulnerability.name.length > 0);
      assert.ok(products.length > 0 && products.every((one) => one['@id'].startsWith('pkg:')));
      assert.equal(status === 'affected', Object.hasOwn(statement, 'action_statement'));
      assert.equal(status === 'not_affected', Object.hasOwn(statement, 'justification'));
      assert.ok(!Object.hasOwn(statement, 'impact_statement'));
    }
  }
});

const SARIF_SCHEMA = process.env['AVOW_SARIF_SCHEMA'] ?? '/tmp/avow-corpus/sarif-schema-2.1.0.json';

test('SARIF passes its schema', {
  skip: !existsSync(SARIF_SCHEMA) && 'the schema is not here',
}, () => {
  const ajv = new AjvDraft4.default({ strict: false });
  addFormats.default(ajv as never);
  const isValid = ajv.compile(JSON.parse(readFileSync(SARIF_SCHEMA, 'utf8')));
  for (const advisory of ADVISORIES) {
    const log = sarifDocument(advisory);
    assert.ok(isValid(log), `${advisory.id}: ${JSON.stringify(isValid.errors)}`);
  }
});

test('SARIF keeps the rules that its schema does not check', () => {
  for (const advisory of ADVISORIES) {
    const [run] = sarifDocument(advisory)['runs'] as {
      results: { locations: object[] }[];
      addresses?: object[];
    }[];
    const { physicalLocation } = run!.results[0]!.locations[0] as {
      physicalLocation: { address?: Record<string, unknown>; artifactLocation: { index: number } };
    };
    const { address } = physicalLocation;
    assert.equal(physicalLocation.artifactLocation.index, 0);
    if (address === undefined) continue;
    assert.equal(address['parentIndex'], 0);
    assert.equal(run!.addresses!.length, 1);
    assert.equal(address['relativeAddress'], address['offsetFromParent']);
  }
});

test('OSV is written where its ecosystem is known and something is there', () => {
  const written = ADVISORIES.filter((one) => osvDocument(one) !== undefined);
  assert.deepEqual(
    written.map(({ outcome, target }) => `${outcome} ${target}`),
    ['undeclared pkg:npm/agent@4.1.0', 'contradicts pkg:npm/agent@4.1.0'],
  );
});

/** What a CSAF downloader looks at: section 7.1, requirements 1 to 20 as far as files show them. */
test("a provider passes a downloader's checks: names, folders, hashes, index, changes, ROLIE, metadata", () => {
  const signatures = new Map(ADVISORIES.map((one) => [`white/${csafPath(one)}`, 'signature']));
  const key = { fingerprint: 'AB'.repeat(20), armored: 'key', signatures };
  const files = providerFiles(ADVISORIES, PUBLISHER, key);
  const json = (path: string) => JSON.parse(files.get(path)!);
  const metadata = json('provider-metadata.json');
  assert.equal(metadata.role, 'csaf_trusted_provider');
  assert.equal(metadata.canonical_url, `${PUBLISHER.base}/provider-metadata.json`);
  const feedUrl: string = metadata.distributions[1].rolie.feeds[0].url;
  const at = (url: string): string => {
    assert.ok(url.startsWith(`${PUBLISHER.base}/`), url);
    const path = url.slice(PUBLISHER.base.length + 1);
    assert.ok(files.has(path), `${path} is there`);
    return path;
  };
  for (const { url } of metadata.public_openpgp_keys) at(url);
  const { feed } = json(at(feedUrl));
  assert.deepEqual(feed.category, [
    { scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' },
  ]);
  assert.equal(feed.entry.length, ADVISORIES.length);
  const listed: string[] = [];
  for (const { content, link, format, updated } of feed.entry) {
    const path = at(content.src);
    const text = files.get(path)!;
    const document = JSON.parse(text);
    listed.push(path.slice('white/'.length));
    assert.equal(path.split('/').at(-1), csafFileName(document.document.tracking.id));
    assert.equal(path.split('/')[1], document.document.tracking.initial_release_date.slice(0, 4));
    assert.equal(updated, document.document.tracking.current_release_date);
    assert.equal(format.version, '2.0');
    for (const hash of ['sha256', 'sha512'] as const) {
      const url = link.find(({ href }: { href: string }) => href.endsWith(hash)).href;
      assert.equal(files.get(at(url))!.split(' ')[0], hexOf(hashOf(hash, utf8Bytes(text))));
    }
    at(link.find(({ rel }: { rel: string }) => rel === 'signature').href);
  }
  assert.deepEqual(files.get('white/index.txt')!.trim().split('\n'), listed);
  const changes = files.get('white/changes.csv')!.trim().split('\n');
  const times = changes.map((line) => /^"[^"]+","([^"]+)"$/.exec(line)![1]!);
  assert.deepEqual(times, [...times].sort().reverse(), 'the newest first');
});

test('what others wrote is text and nothing else, in every feed', () => {
  const files = providerFiles(ADVISORIES, PUBLISHER);
  const atom = files.get('feed.atom')!;
  assert.ok(!atom.includes('<img') && atom.includes('&lt;img'));
  assert.ok(!/[\u202e\u0007]/.test(atom) && atom.includes('\\u{202e}'));
  assert.equal(JSON.parse(files.get('provider-metadata.json')!).role, 'csaf_provider');
});

test('the same advisories give the same files', () => {
  const digest = () => digestOf(JSON.stringify([...providerFiles(ADVISORIES, PUBLISHER)]));
  assert.equal(digest(), digest());
});
