import {
  canonicalBytes,
  noteSigner,
  noteVerifier,
  openLog,
  parsePolicy,
  printVerifierKey,
  type SignerKey,
  verifierKeyOf,
} from '@avow/log';
import { openLogFolder } from '@avow/stores';

const ORIGIN = 'log.example/portal';
/** A key for tests alone. */
export const KEY: SignerKey = { name: ORIGIN, type: 'ed25519', seed: new Uint8Array(32).fill(7) };
/** A digest that tells its number. */
export const digestOf = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}`;

/** More than one tile of entries, and an edge that is no power of two. */
const ENTRIES = 300;

/** A log as `avow log` writes it, of that many releases; `first` is where its numbers begin. */
export async function makeLog(folder: string, first = 0): Promise<void> {
  const key = printVerifierKey(verifierKeyOf(KEY));
  const writer = await openLog({
    origin: ORIGIN,
    store: await openLogFolder(folder),
    signers: [noteSigner(KEY, () => ({ seconds: 0n }) as never)],
    ownKeys: [noteVerifier(verifierKeyOf(KEY))],
    policy: parsePolicy(Buffer.from(`log ${key}\nquorum none\n`)),
    witnesses: [],
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
  const entries = Array.from({ length: ENTRIES }, (_, number) =>
    canonicalBytes({
      ...{ type: 'release', product: 'pkg:npm/thing', maker: 'maker.example', channel: 'stable' },
      ...{ number: first + number, version: `1.0.${number}`, digest: digestOf(first + number) },
      ...{ size: 1, manifest: digestOf(0) },
    }),
  );
  await Promise.all(entries.map((entry) => writer.append(entry)));
  await writer.whenPublished(BigInt(ENTRIES));
  await writer.close();
}

