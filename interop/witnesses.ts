import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { newSeed } from '@avow/bytes';
import {
  EMPTY_ROOT,
  holdCheckpoint,
  KEY_TYPES,
  keyIdOf,
  parsePolicy,
  printSignerKey,
  printVerifierKey,
  type VerifierKey,
  verifierKeyOf,
} from '@avow/log';
import { run, start } from './processes.ts';
import { append, Bench, checkpointOf, makeLog, serve } from './site.ts';
import { canRun, loadtestPath, toolPath } from './tools.ts';

/** Appends to a log whose quorum is one outside witness, and verifies its cosignature. */
async function cosignedBy(
  bench: Bench,
  log: { readonly folder: string; readonly origin: string; readonly key: string },
  witness: VerifierKey,
  url: string,
): Promise<string> {
  const lines = [
    `log ${log.key}`,
    `witness outside ${printVerifierKey(witness)} ${url}`,
    'quorum outside',
    '',
  ];
  writeFileSync(`${log.folder}/policy`, lines.join('\n'));
  const site = bench.keep(
    await serve(['log', 'serve', log.folder, '--listen', '0', '--any-entry']),
  );
  let size = 0n;
  for (let round = 0; round < 5; round++) {
    const texts = Array.from({ length: 90 }, (_, number) => `round ${round}, entry ${number}`);
    size = (await append(site.url, texts)) + 1n;
    const note = await checkpointOf(site.url, size).catch((error) => {
      throw new Error(`${error.message}: ${site.output()}`);
    });
    const policy = parsePolicy(readFileSync(`${log.folder}/policy`));
    const held = holdCheckpoint(policy, log.origin, new TextEncoder().encode(note));
    assert.deepEqual(held.witnesses, ['outside']);
  }
  return `5 checkpoints, the last of ${size} entries`;
}

export async function omniwitness(): Promise<string> {
  const bench = new Bench();
  try {
    const log = await makeLog(bench, 'omni');
    const signer = { name: 'witness.example/omni', type: 'ed25519', seed: newSeed() } as const;
    const keyFile = bench.path('omni.key');
    writeFileSync(keyFile, `${printSignerKey(signer)}\n`, { mode: 0o600 });
    const logs = bench.path('logs.yaml');
    writeFileSync(
      logs,
      `Logs:\n  - Origin: ${log.origin}\n    URL: http://localhost/\n    PublicKey: ${log.key}\n    Feeder: none\n`,
    );
    const port = 18_470;
    bench.keep(
      await start(
        toolPath('omniwitness'),
        [
          `--private_key_path=${keyFile}`,
          `--additional_logs=${logs}`,
          `--listen=127.0.0.1:${port}`,
          '--metrics_listen=127.0.0.1:18472',
          `--db_file=${bench.path('omni.db')}`,
          '--alsologtostderr',
        ],
        `http://127.0.0.1:${port}/`,
      ),
    );
    const { publicKey } = verifierKeyOf(signer);
    const { name } = signer;
    const keyId = keyIdOf(name, KEY_TYPES.cosignature, publicKey);
    const witness = { name, type: 'cosignature', keyId, publicKey } as const;
    return await cosignedBy(bench, log, witness, `http://127.0.0.1:${port}`);
  } finally {
    await bench.clear();
  }
}

/** Undefined when this machine can run litewitness, else why not. */
export function litewitnessIsMissing(): string | undefined {
  if (!canRun('ssh-keygen', ['-?'])) return 'litewitness signs by an ssh-agent: no OpenSSH here';
}

export async function litewitness(): Promise<string> {
  const bench = new Bench();
  try {
    const log = await makeLog(bench, 'lite');
    const keyFile = bench.path('key');
    const made = await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
    assert.equal(made.status, 0, made.output);
    chmodSync(keyFile, 0o600);
    const socket = bench.path('agent');
    const agent = { SSH_AUTH_SOCK: socket };
    bench.keep(await start('ssh-agent', ['-D', '-a', socket], /SSH_AUTH_SOCK/));
    bench.keep(await start('ssh-add', [keyFile], /Identity added/, agent).catch(ended));
    const database = bench.path('lite.db');
    knowLog(database, log);
    const fingerprint = await run('ssh-keygen', ['-l', '-f', `${keyFile}.pub`]);
    const name = 'witness.example/lite';
    const port = 18_480;
    bench.keep(
      await start(
        toolPath('litewitness'),
        [
          `-ssh-agent=${socket}`,
          `-name=${name}`,
          `-key=${fingerprint.output.split(' ')[1]}`,
          `-db=${database}`,
          `-listen=127.0.0.1:${port}`,
        ],
        `http://127.0.0.1:${port}/`,
      ),
    );
    const blob = Buffer.from(readFileSync(`${keyFile}.pub`, 'utf8').split(' ')[1]!, 'base64');
    const publicKey = new Uint8Array(blob.subarray(-32));
    const keyId = keyIdOf(name, KEY_TYPES.cosignature, publicKey);
    const witness = { name, type: 'cosignature', keyId, publicKey } as const;
    return await cosignedBy(bench, log, witness, `http://127.0.0.1:${port}`);
  } finally {
    await bench.clear();
  }
}

/** Does what `witnessctl add-log` and `add-key` do: that program needs a module which is not to be had. */
function knowLog(path: string, { origin, key }: { origin: string; key: string }): void {
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL);
    CREATE TABLE key (
      origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin)
    );`);
  const root = Buffer.from(EMPTY_ROOT).toString('base64');
  database.prepare('INSERT INTO log VALUES (?, 0, ?)').run(origin, root);
  database.prepare('INSERT INTO key VALUES (?, ?)').run(origin, key);
  database.close();
}

/** `ssh-add` says what it did and ends at once, which `start` reports as an error. */
function ended(error: Error): { output(): string; stop(): Promise<void> } {
  if (!/Identity added/.test(error.message)) throw error;
  return { output: () => error.message, stop: async () => {} };
}

/** The witness network's load test, against `avow witness`. */
/**
 * Requests a second that the load test must reach, the rate that it begins at,
 * and the time each request may take. It is begun near its goal: by itself its
 * rate rises only as its own timers allow (docs/decisions/0064-interop.md).
 */
const LOADTEST_GOAL = Number(process.env.AVOW_LOADTEST_GOAL ?? 200);
const LOADTEST_START = Number(process.env.AVOW_LOADTEST_START ?? 190);
const LOADTEST_TIMEOUT = process.env.AVOW_LOADTEST_TIMEOUT ?? '1s';
const LOADTEST_SECONDS = 300;

export async function loadtest(): Promise<string> {
  const bench = new Bench();
  try {
    const tool = loadtestPath();
    const { output } = await run(tool, ['--log_count=50']);
    const keys = [...output.matchAll(/publickey: (\S+)/gi)].map(([, key]) => `${key}\n`);
    assert.equal(keys.length, 50, output);
    const logs = bench.path('logs');
    writeFileSync(logs, keys.join(''));
    const witness = bench.keep(
      await serve([
        'witness',
        bench.path('witness'),
        '--name',
        'witness.example/ours',
        '--logs',
        logs,
        '--listen',
        '0',
      ]),
    );
    const tested = await run(
      tool,
      [
        `--target=${witness.url}`,
        '--log_count=50',
        `--start_qps=${LOADTEST_START}`,
        `--success_qps=${LOADTEST_GOAL}`,
        `--timeout=${LOADTEST_TIMEOUT}`,
        '--alsologtostderr',
      ],
      LOADTEST_SECONDS,
    );
    assert.equal(tested.status, 0, tested.output.slice(-3000));
    return /QPS reached (\d+)/.exec(tested.output)?.[0] ?? 'passed';
  } finally {
    await bench.clear();
  }
}
