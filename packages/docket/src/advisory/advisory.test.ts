import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { digestOf, hashOf, hexOf, utf8Bytes } from '@avow/bytes';
import Ajv2020 from 'ajv/dist/2020.js';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { codeScanningDocument } from './code-scanning.ts';
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

/** Schemas of ours, written from the specifications' text; those of the bodies are not ours to ship. */
function ours(name: string): (document: unknown) => readonly string[] {
  const ajv = new Ajv2020.default({ strict: false, allErrors: true });
  addFormats.default(ajv as never);
  const url = new URL(`./testdata/${name}.schema.json`, import.meta.url);
  return faultsBy(ajv.compile(JSON.parse(readFileSync(url, 'utf8'))));
}

type Validate = ((document: unknown) => unknown) & { errors?: unknown };

function faultsBy(validate: Validate): (document: unknown) => readonly string[] {
  return (document) => (validate(document) ? [] : [JSON.stringify(validate.errors)]);
}

test('OpenVEX passes its schema; each unaffected product has its one reason, and what is declared has no word', () => {
  const faults = ours('openvex');
  for (const advisory of ADVISORIES) {
    const document = openVexDocument(advisory, PUBLISHER);
    assert.equal(document === undefined, advisory.outcome === 'declared');
    if (document !== undefined) assert.deepEqual(faults(document), [], advisory.id);
  }
});

test('and the schema of OpenVEX does find what is wrong', () => {
  const faults = ours('openvex');
  const whole = openVexDocument(ADVISORIES[0]!, PUBLISHER)!;
  const [statement] = whole['statements'] as Record<string, unknown>[];
  const broken: Readonly<Record<string, object>> = {
    'no action': { ...statement, action_statement: undefined },
    'no product': { ...statement, products: [] },
    'a place in the product': { ...statement, products: [{ '@id': 'pkg:npm/x@1#a.js' }] },
    'a status that is none': { ...statement, status: 'declared' },
  };
  for (const [name, one] of Object.entries(broken)) {
    const document = JSON.parse(JSON.stringify({ ...whole, statements: [one] }));
    assert.notDeepEqual(faults(document), [], name);
  }
});

test('SARIF passes its schema, in both renderings', () => {
  const faults = ours('sarif');
  for (const advisory of ADVISORIES) {
    assert.deepEqual(faults(sarifDocument(advisory)), [], advisory.id);
    assert.deepEqual(faults(codeScanningDocument(advisory)), [], advisory.id);
  }
});

/** What a service shows at a file and a line: every result has them. */
test('for code scanning each result has a file and a line: of a script its own, else of the declaration', () => {
  for (const advisory of ADVISORIES) {
    const scanned = codeScanningDocument(advisory, { path: 'maker/avow.yaml', line: 7 });
    const [run] = scanned['runs'] as unknown as Run[];
    const { artifactLocation, region } = run!.results[0]!.locations[0]!.physicalLocation;
    const isScript = advisory.locator.includes('@line');
    assert.equal(artifactLocation.uri, isScript ? 'lib/send.js' : 'maker/avow.yaml');
    assert.equal(region?.startLine, isScript ? 12 : 7);
    assert.equal(run!.tool.driver.rules[run!.results[0]!.ruleIndex]!.id, advisory.said);
  }
});

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly artifacts: readonly {
    readonly location: { readonly uri: string };
    readonly parentIndex?: number;
  }[];
  readonly addresses?: readonly Address[];
  readonly results: readonly {
    readonly ruleIndex: number;
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string; readonly index: number };
        readonly region?: Readonly<Record<string, number>>;
        readonly address?: Address;
      };
    }[];
  }[];
}

interface Address {
  readonly parentIndex?: number;
  readonly offsetFromParent?: number;
  readonly relativeAddress?: number;
  readonly length?: number;
  readonly fullyQualifiedName?: string;
}

/** The rules of the specification's prose, held over any run of ours. */
function proseFaults({ artifacts, addresses = [], results }: Run): string[] {
  const faults: string[] = [];
  const hold = (isHeld: boolean, says: string): void => {
    if (!isHeld) faults.push(says);
  };
  for (const [index, { parentIndex }] of artifacts.entries()) {
    hold(parentIndex === undefined || parentIndex < index, 'a container is before its members');
  }
  for (const { locations } of results) {
    const { artifactLocation, region, address } = locations[0]!.physicalLocation;
    const innermost = artifacts.length - 1;
    hold(artifactLocation.index === innermost, 'regions count in the innermost artifact');
    hold(artifacts[innermost]!.location.uri === artifactLocation.uri, 'one artifact, one name');
    if (address === undefined) continue;
    const { parentIndex, offsetFromParent, relativeAddress, length } = address;
    hold(
      (parentIndex === undefined) === (offsetFromParent === undefined),
      'parent and offset together',
    );
    hold(relativeAddress === undefined || parentIndex !== undefined, 'relative to a parent');
    const parent = addresses[parentIndex ?? -1];
    hold(parent !== undefined, 'the parent is there');
    const sum = (parent?.relativeAddress ?? 0) + (offsetFromParent ?? 0);
    hold(relativeAddress === sum, 'the sum agrees');
    hold(region?.['byteLength'] === Math.abs(length ?? Number.NaN), 'as long as the address');
    hold(/^[^/]+\+0x[0-9a-f]+$/.test(address.fullyQualifiedName ?? ''), 'the name of debuggers');
  }
  return faults;
}

test('SARIF keeps the rules that its schema does not check, with all three views of native code', () => {
  let views = 0;
  for (const advisory of ADVISORIES) {
    const [run] = sarifDocument(advisory)['runs'] as unknown as Run[];
    assert.deepEqual(proseFaults(run!), [], advisory.id);
    const { region, address } = run!.results[0]!.locations[0]!.physicalLocation;
    if (advisory.views === undefined) continue;
    views++;
    assert.equal(region?.['byteOffset'], advisory.views.byteOffset);
    assert.equal(address?.relativeAddress, advisory.views.relativeAddress);
  }
  assert.ok(views > 0);
});

test('and those rules do find what is wrong', () => {
  const native = ADVISORIES.find(({ views }) => views !== undefined)!;
  const [run] = sarifDocument(native)['runs'] as unknown as Run[];
  const [result] = run!.results;
  const { physicalLocation } = result!.locations[0]!;
  const changed = (address: Address): Run => ({
    ...run!,
    results: [{ ...result!, locations: [{ physicalLocation: { ...physicalLocation, address } }] }],
  });
  const { address } = physicalLocation;
  assert.notDeepEqual(proseFaults(changed({ ...address!, length: 3 })), []);
  assert.notDeepEqual(proseFaults(changed({ ...address!, relativeAddress: 1 })), []);
  assert.notDeepEqual(proseFaults(changed({ ...address!, parentIndex: 4 })), []);
});

test('a member of a container is at the root of its container', () => {
  const locator = 'pkg:npm/desk@2.0.1#resources/app.asar!/dist/main.js @line:88:5';
  const [run] = sarifDocument({ ...ADVISORIES[0]!, locator })['runs'] as unknown as Run[];
  assert.deepEqual(proseFaults(run!), []);
  assert.deepEqual(
    run!.artifacts.map(({ location }) => location.uri),
    ['resources/app.asar', '/dist/main.js'],
  );
});

/** Schemas of the bodies themselves, where somebody has put them; that of SARIF by `npm run schemas`. */
const SCHEMAS = process.env['AVOW_SCHEMAS'] ?? join(tmpdir(), 'avow-corpus', 'schemas');
const PUBLISHED: Readonly<Record<string, () => readonly unknown[]>> = {
  'sarif-2.1.0.json': () =>
    ADVISORIES.flatMap((one) => [sarifDocument(one), codeScanningDocument(one)]),
  'openvex-0.2.0.json': () => ADVISORIES.flatMap((one) => openVexDocument(one, PUBLISHER) ?? []),
  'osv.json': () => ADVISORIES.flatMap((one) => osvDocument(one) ?? []),
  'csaf-provider.json': () => {
    const key = { fingerprint: 'AB'.repeat(20), armored: 'key', signatures: new Map() };
    return [undefined, key].map((one) =>
      JSON.parse(providerFiles(ADVISORIES, PUBLISHER, one).get('provider-metadata.json')!),
    );
  },
};

/** What the provider's schema takes from that of the documents; the rest refers to further ones. */
function csafDocumentOf(path: string): object {
  const { properties } = JSON.parse(readFileSync(path, 'utf8'));
  return { document: properties.document };
}

for (const [name, documents] of Object.entries(PUBLISHED)) {
  const path = `${SCHEMAS}/${name}`;
  test(`the published schema ${name} is passed`, {
    skip: !existsSync(path) && `no ${path}`,
  }, () => {
    const schema = JSON.parse(readFileSync(path, 'utf8'));
    const isOld = `${schema.$schema}`.includes('draft-04');
    const ajv = isOld
      ? new AjvDraft4.default({ strict: false })
      : new Ajv2020.default({ strict: false });
    addFormats.default(ajv as never);
    const csaf = `${SCHEMAS}/csaf-2.0.json`;
    if (name.startsWith('csaf-') && existsSync(csaf)) {
      ajv.addSchema({
        ...JSON.parse(readFileSync(csaf, 'utf8')),
        properties: csafDocumentOf(csaf),
      });
    }
    ajv.addFormat('iri', /^[a-z][a-z0-9+.-]*:\S+$/i);
    const faults = faultsBy(ajv.compile(schema) as Validate);
    const all = documents();
    assert.ok(all.length > 0);
    for (const document of all) assert.deepEqual(faults(document), []);
  });
}

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
    const [named] = document.product_tree.full_product_names;
    const [permalink] = named.product_identification_helper.x_generic_uris;
    const locator = files.get(at(permalink.uri))!.trimEnd();
    assert.equal(permalink.uri.split('/').at(-1), digestOf(locator).replace(':', '-'));
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
