import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DAY } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';
import { newCommand } from '../claim/new.ts';
import { approveCommand, proposeCommand, takeCommand } from './commands.ts';
import { publishCaseCommand } from './publish.ts';
import { runCommand } from './run.ts';
import { packed, STEALS } from './testdata/products.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-sign-'));
after(() => {
  gpg('--kill', 'all');
  rmSync(root, { recursive: true });
});
const home = join(root, 'keys');
const docket = join(root, 'docket');
const isHere = spawnSync('gpg', ['--version']).status === 0;

function gpg(...args: readonly string[]) {
  const [program, ...rest] =
    args[0] === '--kill' ? ['gpgconf', ...args] : ['gpg', '--batch', ...args];
  return spawnSync(program!, rest, { encoding: 'utf8', env: { ...process.env, GNUPGHOME: home } });
}

/** A key made for this test, with its fingerprint; its armored public part in a file. */
function newKey(): { fingerprint: string; file: string } {
  spawnSync('mkdir', ['-p', home]);
  chmodSync(home, 0o700);
  const made = gpg(
    '--passphrase',
    '',
    '--quick-gen-key',
    'Example Docket',
    'ed25519',
    'sign',
    '1d',
  );
  assert.equal(made.status, 0, made.stderr);
  const listed = gpg('--with-colons', '--list-keys').stdout;
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listed)![1]!;
  const file = join(root, 'public.asc');
  writeFileSync(file, gpg('--armor', '--export', fingerprint).stdout);
  return { fingerprint, file };
}

test('a command that does not sign is told, and neither the case nor a file is published', async () => {
  const file = join(root, 'any.asc');
  writeFileSync(file, 'a key');
  await decided((who) => ({ docket, as: who }));
  for (const command of ['false', 'no-such-program']) {
    await assert.rejects(
      publishSigned('AB'.repeat(20), file, command, 'unsigned'),
      /does not sign/,
    );
    const { store, close } = opened();
    const row = (await store.list({ kind: 'case', limit: 1 }))[0];
    close();
    assert.equal(row?.state, 'decided');
    assert.ok(!existsSync(join(root, 'unsigned')));
  }
});

test('every document is signed with a real OpenPGP key, and gpg takes each signature for its document alone', {
  skip: !isHere && 'gpg is not installed',
}, async () => {
  const { fingerprint, file } = newKey();
  await publishSigned(fingerprint, file);
  const out = join(root, 'csaf');
  const paths = readdirSync(join(out, 'white'), { recursive: true, encoding: 'utf8' });
  const signed = paths.filter((path) => path.endsWith('.asc'));
  assert.equal(signed.length, 1);
  const document = join(out, 'white', signed[0]!.replace(/\.asc$/, ''));

  // As a downloader does: nothing but the key that the metadata names.
  const metadata = JSON.parse(readFileSync(join(out, 'provider-metadata.json'), 'utf8'));
  assert.equal(metadata.role, 'csaf_trusted_provider');
  const [key] = metadata.public_openpgp_keys;
  assert.equal(key.fingerprint, fingerprint);
  const own = join(root, 'downloader');
  spawnSync('mkdir', ['-p', '-m', '700', own]);
  const verify = (...args: readonly string[]) =>
    spawnSync('gpg', ['--batch', '--homedir', own, ...args], { encoding: 'utf8' });
  assert.equal(verify('--import', join(out, `openpgp/${fingerprint}.asc`)).status, 0);
  const good = verify('--status-fd', '1', '--verify', `${document}.asc`, document);
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, new RegExp(`VALIDSIG ${fingerprint}`));
  writeFileSync(
    `${document}.changed`,
    readFileSync(document, 'utf8').replace('csaf_vex', 'csaf_vexx'),
  );
  assert.notEqual(verify('--verify', `${document}.asc`, `${document}.changed`).status, 0);
  spawnSync('gpgconf', ['--homedir', own, '--kill', 'all']);
});

let time = Date.now();
const now = () => (time += 1_000);
const signal = new AbortController().signal;

async function publishSigned(
  fingerprint: string,
  publicKey: string,
  sign = `gpg --batch --homedir ${home} --armor --local-user ${fingerprint} --detach-sign`,
  folder = 'csaf',
): Promise<void> {
  const as = (who: string) => ({ docket, as: who });
  await publishCaseCommand(
    'case-1',
    {
      ...as('publisher:pia'),
      output: join(root, folder),
      name: 'Example Docket',
      namespace: 'https://docket.example',
      base: 'https://docket.example/csaf',
      prefix: 'avow',
      cache: false,
      sign,
      publicKey,
      fingerprint,
    },
    now,
  );
}

function opened() {
  const folder = openDocketFolder(docket);
  return { store: folder.store, close: () => folder.close() };
}

async function decided(as: (who: string) => { docket: string; as: string }): Promise<void> {
  const product = packed(root, 'agent', '1.0.0', { 'lib/steal.js': STEALS });
  const text = 'pkg:npm/agent@1.0.0#lib/steal.js @line:4\nflow: cred.ssh-pgp -> net.http';
  const options = { docket, by: 'cleo', text, cache: false, keep: true, yes: true };
  await newCommand([product], options, signal, now);
  await takeCommand('claim-1', as('lead:lea'), now);
  for (const who of ['investigator:ana', 'investigator:ben']) {
    await runCommand('case-1', [], { ...as(who), cache: false }, signal, now);
  }
  await proposeCommand(
    'case-1',
    { ...as('lead:lea'), verdict: 'undeclared', why: 'it sends keys' },
    now,
  );
  time += 8 * DAY;
  await approveCommand('case-1', as('lead:max'), now);
}
