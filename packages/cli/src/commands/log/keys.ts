import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { newSeed, Refused } from '@avow/bytes';
import { type KeyType, parseSignerKey, printSignerKey, type SignerKey } from '@avow/log';

/** Permission bits of anyone but the owner. */
const OTHERS = 0o077;

/**
 * Makes private keys and keeps them in a new file that only its owner may read.
 *
 * Fails when the file is there: a key is never overwritten.
 */
export function makeKeyFile(path: string, name: string, types: readonly KeyType[]): void {
  const keys = types.map((type) => ({ name, type, seed: newSeed() }));
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, keys.map((key) => `${printSignerKey(key)}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(path, 0o600);
}

/**
 * Reads a private key, or several, one a line.
 *
 * Refuses `key.exposed` when anyone but the owner may read or write the file:
 * a key that others could have copied signs nothing here.
 */
export function readKeyFile(path: string): readonly SignerKey[] {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS) !== 0) {
    throw new Refused(
      'key.exposed',
      undefined,
      `${path} has mode 0${mode.toString(8)}; chmod 600 it, if nobody can have read it`,
    );
  }
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map(parseSignerKey);
}
