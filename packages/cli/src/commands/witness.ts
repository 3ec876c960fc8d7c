import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import {
  addCheckpoint,
  answerSignSubtree,
  isNoteName,
  type KeyType,
  MAX_REQUEST_SIZE,
  parseVerifierKey,
  printVerifierKey,
  type VerifierKey,
  verifierKeyOf,
  type WitnessSettings,
} from '@avow/log';
import { openWitnessFolder } from '@avow/stores';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Answer, bodyOf, FRESH, TEXT, text } from './log/answer.ts';
import { NOW } from './log/config.ts';
import { makeKeyFile, readKeyFile } from './log/keys.ts';
import { listen, parseAddress } from './log/listen.ts';

export interface WitnessOptions {
  readonly name?: string;
  readonly log?: readonly string[];
  readonly logs?: string;
  readonly listen: string;
  readonly mlDsa?: boolean;
}

/**
 * Runs a witness over a folder: cosigns checkpoints of the logs it is given,
 * each only when it continues the last one.
 */
export async function witnessCommand(
  folder: string,
  options: WitnessOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const address = parseAddress(options.listen);
  if (address === undefined) {
    throw new UsageError(`"${options.listen}" is no address`, 'give a port, or host:port');
  }
  mkdirSync(folder, { recursive: true });
  const keyPath = join(folder, 'witness.key');
  if (!existsSync(keyPath)) makeKeys(keyPath, options);
  const keys = readKeyFile(keyPath);
  const logs = logKeys(options);
  const store = await openWitnessFolder(folder);
  const witness: WitnessSettings = {
    keys,
    logKeys: (origin) => logs.get(origin) ?? [],
    store,
    now: NOW,
  };
  for (const key of keys) process.stdout.write(`${printVerifierKey(verifierKeyOf(key))}\n`);
  await listen(
    address,
    (request) => answerWitness(witness, folder, request),
    signal,
    (url) => console.error(`witness of ${logs.size} logs, at ${url}`),
  );
  await store.close();
  return EXIT.ok;
}

function makeKeys(path: string, { name, mlDsa }: WitnessOptions): void {
  if (name === undefined || !isNoteName(name)) {
    throw new UsageError(
      'a new witness needs a name without spaces or plus signs',
      '--name witness.example.org/mine',
    );
  }
  const types: KeyType[] = mlDsa === true ? ['cosignature', 'subtree'] : ['cosignature'];
  makeKeyFile(path, name, types);
}

/** The logs to cosign, by origin: keys from `--log`, and from the lines of the file `--logs`. */
function logKeys({ log = [], logs }: WitnessOptions): ReadonlyMap<string, readonly VerifierKey[]> {
  const lines = logs === undefined ? [] : readFileSync(logs, 'utf8').split('\n');
  const keys = new Map<string, VerifierKey[]>();
  for (const line of [...log, ...lines]) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const key = parseVerifierKey(line.trim());
    keys.set(key.name, [...(keys.get(key.name) ?? []), key]);
  }
  if (keys.size === 0)
    throw new UsageError('no log to witness', '--log KEY, as avow log init prints it');
  return keys;
}

async function answerWitness(
  witness: WitnessSettings,
  folder: string,
  request: IncomingMessage,
): Promise<Answer> {
  const path = (request.url ?? '/').split('?')[0]!.slice(1);
  if (request.method === 'GET' || request.method === 'HEAD') {
    // Only hex reaches the disk.
    const log = /^([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
    const note = log === undefined ? undefined : await checkpointOf(folder, log);
    if (note === undefined) return text(404, 'no such log was cosigned here\n');
    return { status: 200, contentType: TEXT, body: note, cache: FRESH };
  }
  if (request.method !== 'POST') return text(405, 'GET, HEAD or POST\n');
  if (path !== 'add-checkpoint' && path !== 'sign-subtree') {
    return text(404, 'there are /add-checkpoint and /sign-subtree\n');
  }
  const body = await bodyOf(request, MAX_REQUEST_SIZE);
  if (body === undefined) return text(400, `more than ${MAX_REQUEST_SIZE} bytes\n`);
  const reply = path === 'sign-subtree' ? answerSignSubtree : addCheckpoint;
  return { ...(await reply(witness, body)), cache: FRESH };
}

async function checkpointOf(folder: string, log: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(folder, 'logs', log, 'checkpoint'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
