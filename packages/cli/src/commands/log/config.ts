import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Now,
  noteSigner,
  noteVerifier,
  type Policy,
  parsePolicy,
  parseVerifierKey,
  type SignerKey,
  type VerifierKey,
  verifierKeyOf,
  type WriterSettings,
} from '@avow/log';
import { openLogFolder } from '@avow/stores';
import { UsageError } from '../../errors.ts';
import { readKeyFile } from './keys.ts';
import { httpWitness } from './remote.ts';

/** Files of a log's folder, beside `public` and `state`. */
export const LOG_FILES = {
  /** Every public key of the log, the present one first; former ones stay. */
  publicKeys: 'log.pub',
  /** The private keys, mode 0600: Ed25519, and perhaps ML-DSA-44. */
  privateKeys: 'log.key',
  /** Who must cosign before a checkpoint is published (C2SP tlog-policy). */
  policy: 'policy',
} as const;

export interface LogConfig {
  readonly folder: string;
  readonly origin: string;
  readonly publicKeys: readonly VerifierKey[];
  readonly policy: Policy;
}

export const NOW: Now = () => BigInt(Math.floor(Date.now() / 1000));

/** Reads what a log's folder says of it; no private key is touched. */
export function readLogConfig(folder: string): LogConfig {
  const publicPath = join(folder, LOG_FILES.publicKeys);
  if (!existsSync(publicPath)) {
    throw new UsageError(`${folder} is no log: it has no ${LOG_FILES.publicKeys}`, 'avow log init');
  }
  const lines = readFileSync(publicPath, 'utf8').split('\n');
  const publicKeys = lines.filter((line) => line !== '').map(parseVerifierKey);
  const policy = parsePolicy(readFileSync(join(folder, LOG_FILES.policy)));
  return { folder, origin: publicKeys[0]!.name, publicKeys, policy };
}

/** All that a writer of this folder needs. Opens the store, which locks it. */
export async function writerSettings(
  config: LogConfig,
  tell: (line: string) => void,
): Promise<WriterSettings> {
  const keys = readKeyFile(join(config.folder, LOG_FILES.privateKeys));
  return {
    origin: config.origin,
    store: await openLogFolder(config.folder),
    signers: keys.map((key: SignerKey) => noteSigner(key, NOW)),
    ownKeys: [...config.publicKeys, ...keys.map(verifierKeyOf)].map(noteVerifier),
    policy: config.policy,
    witnesses: config.policy.witnesses.flatMap((witness) =>
      witness.url === undefined ? [] : [httpWitness(witness.name, witness.key, witness.url)],
    ),
    pause: (milliseconds) => pause(milliseconds),
    onWitnessFailure: (name, error) => {
      tell(`witness ${name}: ${error instanceof Error ? error.message : error}`);
    },
  };
}
