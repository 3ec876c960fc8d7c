import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { digestOf, utf8Bytes } from '@avow/bytes';
import {
  entryIn,
  leafHash,
  noteVerifier,
  openCheckpoint,
  openLog,
  parseProofFile,
  TreeReader,
  verifierKeyOf,
  verifyProofFile,
} from '@avow/log';
import { openLogFolder } from '@avow/stores';
import { TEST_LOG_KEY, TEST_ORIGIN, testSettings } from '@avow/stores/contract';
import type { AccountRole, Identity } from '../access/identity.ts';
import type { OpenAppender } from '../logs/append.ts';
import { decidedCase } from '../testdata/decided.ts';
import { type TestService, testService } from '../testdata/service.ts';

const account = (id: string, role: AccountRole): Identity => ({
  kind: 'account',
  id,
  name: id,
  grants: [{ role }],
  secondFactor: true,
});

const folder = mkdtempSync(join(tmpdir(), 'avow-publish-'));
const logFolder = join(folder, 'log');
const kept = new Set<string>();
const KEYS = [noteVerifier(verifierKeyOf(TEST_LOG_KEY))];
/** As the log of an operator: a writer over a folder. It dies once, after its first entry. */
let dies = 1;
const openAppender: OpenAppender = async () => {
  const writer = await openLog(testSettings(await openLogFolder(logFolder)));
  return {
    keep: async (artifact) => {
      const digest = digestOf(artifact);
      kept.add(digest);
      return digest;
    },
    append: async (entry) => {
      const number = await writer.append(entry);
      if (dies-- > 0) throw new Error('the worker died here');
      return number;
    },
    published: async (size) => {
      const { head, note } = await writer.whenPublished(size);
      return { note, tree: new TreeReader(await openLogReader(), head) };
    },
    close: () => writer.close(),
  };
};

async function openLogReader() {
  const { readFile } = await import('node:fs/promises');
  return {
    read: (path: string) =>
      readFile(join(logFolder, 'public', path)).then(
        (bytes) => new Uint8Array(bytes),
        () => undefined,
      ),
  };
}

/** Prints what looks like a signature, or says why not, as a file tells it. */
const SIGNER = `
const { existsSync } = require('node:fs');
process.stdin.resume().on('end', () => {
  if (existsSync(process.argv[1])) { console.error('the key is locked'); process.exit(2); }
  console.log('-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----');
});`;
const locked = join(folder, 'locked');

let service: TestService;
before(async () => {
  const publicKeyFile = join(folder, 'key.asc');
  writeFileSync(publicKeyFile, '-----BEGIN PGP PUBLIC KEY BLOCK-----\n');
  const publisher = {
    ...{ name: 'Avow', namespace: 'https://example.org', prefix: 'avow' },
    sign: {
      command: [process.execPath, '-e', SIGNER, locked],
      publicKeyFile,
      fingerprint: 'A'.repeat(40),
    },
  };
  const identities = { pia: account('pia', 'publisher'), lea: account('lea', 'lead') };
  service = await testService(
    identities,
    { log: logFolder },
    { hasWorkers: true, openAppender, more: { publisher } },
  );
});
after(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

async function loggedOf(id: string, revisions: number) {
  for (let tries = 0; tries < 300; tries++) {
    const { body } = await service.json('GET', `cases/${id}`, { as: 'lea' });
    if (body.logged?.length === revisions) return body.logged;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it does not come into the log');
}

async function entriesOfLog() {
  const source = await openLogReader();
  const note = await source.read('checkpoint');
  const { checkpoint } = openCheckpoint(note!, TEST_ORIGIN, KEYS);
  const tree = new TreeReader(source, checkpoint);
  const all = Array.from({ length: Number(checkpoint.size) }, (_, at) => tree.entry(BigInt(at)));
  return (await Promise.all(all)).map((bytes) => entryIn(bytes)!);
}

const csafOf = async () => (await service.json('GET', 'advisories')).body.items.at(-1);

test('a signature that cannot be had leaves everything as it was', async () => {
  const id = await decidedCase(service.stores, 'pkg:npm/locked@1.0.0');
  writeFileSync(locked, '');
  const refused = await service.json('POST', `cases/${id}/publish`, { as: 'pia' });
  rmSync(locked);
  assert.equal(refused.body.code, 'publish.sign', JSON.stringify(refused.body));
  assert.match(refused.body.detail, /the key is locked/);
  assert.equal((await service.stores.docket.case(id)).state, 'decided');
  assert.equal((await service.json('GET', `cases/${id}`)).status, 404);
  assert.deepEqual((await service.json('GET', 'advisories')).body.items, []);
  assert.deepEqual(await service.stores.notices.after(0, 10), []);
});

test('what is published is signed, tells its other releases, and is in the log once, though its worker died', async () => {
  const id = await decidedCase(service.stores);
  const body = { also: ['0.9.0', '0.9.1'], fixedIn: '1.1.0' };
  const published = await service.json('POST', `cases/${id}/publish`, { as: 'pia', body });
  assert.equal(published.body.state, 'published', JSON.stringify(published.body));
  const { csaf } = await csafOf();
  const document = await service.json('GET', csaf);
  assert.match(JSON.stringify(document.body.product_tree), /0\.9\.1/);
  const signature = await (await service.ask('GET', `${csaf}.asc`)).text();
  assert.match(signature, /BEGIN PGP SIGNATURE/);
  const metadata = await service.json('GET', '/.well-known/csaf/provider-metadata.json');
  assert.equal(metadata.body.role, 'csaf_trusted_provider');
  const keyPath = new URL(metadata.body.public_openpgp_keys[0].url).pathname;
  assert.match(await (await service.ask('GET', keyPath)).text(), /PUBLIC KEY/);
  const [logged] = await loggedOf(id, 1);
  const entries = await entriesOfLog();
  assert.deepEqual(
    entries.map(({ type }) => type),
    ['claim', 'verdict', 'advisory', 'advisory'],
  );
  assert.deepEqual(logged.entries, ['0', '1', '2', '3']);
  const text = await (await service.ask('GET', csaf)).text();
  const advisory = entries[2] as { digest: string };
  assert.equal(advisory.digest, digestOf(text), 'the log has the digest of what is served');
  assert.ok(kept.has(advisory.digest));
  const { claims, logged: heads } = await service.stores.docket.case(id);
  const proof = parseProofFile(utf8Bytes((await service.stores.docket.textOf(heads[0]!.proof))!));
  verifyProofFile(proof, leafHash(proof.extra!), TEST_ORIGIN, KEYS);
  assert.deepEqual(entryIn(proof.extra!), entries[3], 'the docket has its head with the proof');
  assert.equal((await service.stores.docket.claim(claims[0]!)).state, 'closed');
  const notices = await service.stores.notices.after(0, 10);
  assert.equal(notices.length, 1, 'told once');
});

test('a correction is signed and logged as another advisory of the same verdict', async () => {
  const [{ id: first }] = (await service.json('GET', 'cases')).body.items;
  const correction = { summary: 'A word was wrong.' };
  const corrected = await service.json('POST', `cases/${first}/correct`, {
    as: 'pia',
    body: correction,
  });
  assert.equal(corrected.body.state, 'corrected', JSON.stringify(corrected.body));
  const logged = await loggedOf(first, 2);
  assert.deepEqual(logged[1].entries.slice(0, 2), ['0', '1'], 'the claim and the verdict stay');
  const text = await (await service.ask('GET', (await csafOf()).csaf)).text();
  const entries = (await entriesOfLog()) as unknown as { digest: string }[];
  assert.equal(entries[Number(logged[1].entries[2])]!.digest, digestOf(text));
});
