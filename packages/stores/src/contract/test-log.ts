import { setTimeout as pause } from 'node:timers/promises';
import {
  addCheckpoint,
  type LogStore,
  noteSigner,
  noteVerifier,
  type Policy,
  type SignerKey,
  type VerifierKey,
  verifierKeyOf,
  type Witness,
  type WitnessStore,
  type WriterSettings,
  type WriteStep,
} from '@avow/log';

/** A log for tests: fixed keys, as many local witnesses as wanted. */
export const TEST_ORIGIN = 'log.example/test';
export const TEST_LOG_KEY: SignerKey = {
  name: TEST_ORIGIN,
  type: 'ed25519',
  seed: new Uint8Array(32).fill(1),
};
export const TEST_NOW = () => BigInt(Math.floor(Date.now() / 1000));

export function testWitnessKey(number: number): SignerKey {
  const seed = new Uint8Array(32).fill(100 + number);
  return { name: `witness.example/w${number}`, type: 'cosignature', seed };
}

/** A witness in this process, over a store of its own. */
export function localWitness(key: SignerKey, store: WitnessStore, logKey: VerifierKey): Witness {
  const settings = {
    keys: [key],
    logKeys: (origin: string) => (origin === logKey.name ? [logKey] : []),
    store,
    now: TEST_NOW,
  };
  return {
    name: key.name,
    keys: [noteVerifier(verifierKeyOf(key))],
    addCheckpoint: (body) => addCheckpoint(settings, body),
  };
}

/** A witness's memory that lasts as long as the test. */
export function memoryWitnessStore(): WitnessStore {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (origin) => kept.get(origin),
    replace: async (origin, old, next) => {
      if (kept.get(origin) !== old) return false;
      kept.set(origin, next);
      return true;
    },
  };
}

export function allOf(witnesses: readonly Witness[], keys: readonly SignerKey[]): Policy {
  if (witnesses.length === 0) return { logs: [], witnesses: [], groups: [], quorum: undefined };
  const members = witnesses.map(({ name }) => name);
  return {
    logs: [],
    witnesses: keys.map((key) => ({ name: key.name, key: verifierKeyOf(key) })),
    groups: [{ name: 'all', threshold: members.length, members }],
    quorum: 'all',
  };
}

/** Settings of a test log over a store, with `witnesses` that must all cosign. */
export function testSettings(
  store: LogStore,
  witnesses: readonly { readonly key: SignerKey; readonly store: WitnessStore }[] = [],
  onStep?: (step: WriteStep) => void | Promise<void>,
): WriterSettings {
  const logKey = verifierKeyOf(TEST_LOG_KEY);
  const asked = witnesses.map((one) => localWitness(one.key, one.store, logKey));
  const policy = allOf(
    asked,
    witnesses.map(({ key }) => key),
  );
  return {
    origin: TEST_ORIGIN,
    store,
    signers: [noteSigner(TEST_LOG_KEY, TEST_NOW)],
    ownKeys: [noteVerifier(logKey)],
    policy,
    witnesses: asked,
    pause: (milliseconds) => pause(Math.min(milliseconds, 20)),
    ...(onStep === undefined ? {} : { onStep }),
  };
}
