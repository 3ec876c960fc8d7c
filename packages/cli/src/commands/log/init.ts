import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  isNoteName,
  type KeyType,
  openLog,
  parsePolicy,
  printVerifierKey,
  verifierKeyOf,
} from '@avow/log';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { LOG_FILES, readLogConfig, writerSettings } from './config.ts';
import { makeKeyFile, readKeyFile } from './keys.ts';

export interface InitOptions {
  readonly origin: string;
  readonly policy?: string;
  readonly mlDsa?: boolean;
}

export async function initCommand(folder: string, options: InitOptions): Promise<ExitStatus> {
  process.stdout.write(`${await makeLog(folder, options)}\n`);
  console.error(
    `The log ${options.origin} is in ${folder}. Above is its key, for those who check.`,
  );
  console.error(`Its private key is ${join(folder, LOG_FILES.privateKeys)}: keep a copy apart.`);
  return EXIT.ok;
}

/** Makes a log in a folder: keys, policy, and the checkpoint of an empty tree. Gives its public key. */
export async function makeLog(folder: string, options: InitOptions): Promise<string> {
  const { origin } = options;
  if (!isNoteName(origin)) {
    throw new UsageError(
      `"${origin}" cannot be an origin: it is empty, or has a space or a plus sign`,
      'use the address of the log without https://, such as log.example.org/products',
    );
  }
  if (existsSync(join(folder, LOG_FILES.publicKeys))) {
    throw new UsageError(`${folder} is a log already`, 'name another folder');
  }
  if (options.policy !== undefined) parsePolicy(readFileSync(options.policy));
  mkdirSync(folder, { recursive: true });
  const keyPath = join(folder, LOG_FILES.privateKeys);
  // Ed25519 is what everyone verifies; ML-DSA-44 beside it is for the day quantum computers come.
  const types: KeyType[] = options.mlDsa === true ? ['ed25519', 'subtree'] : ['ed25519'];
  if (!existsSync(keyPath)) makeKeyFile(keyPath, origin, types);
  const keys = readKeyFile(keyPath);
  const [publicKey] = keys.map((key) => printVerifierKey(verifierKeyOf(key)));
  const policyPath = join(folder, LOG_FILES.policy);
  if (options.policy !== undefined) copyFileSync(options.policy, policyPath);
  else writeDurably(policyPath, `log ${publicKey}\nquorum none\n`);
  const publicKeys = keys.map((key) => `${printVerifierKey(verifierKeyOf(key))}\n`).join('');
  writeDurably(join(folder, LOG_FILES.publicKeys), publicKeys);

  const writer = await openLog(await writerSettings(readLogConfig(folder), console.error));
  if (readLogConfig(folder).policy.quorum === undefined) await writer.whenPublished(0n);
  await writer.close();
  return publicKey!;
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx');
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}
