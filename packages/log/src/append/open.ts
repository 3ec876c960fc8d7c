import { TreeReader } from '../tile/reader.ts';
import { Cosigner } from './cosigner.ts';
import { findStanding } from './restart.ts';
import type { WriterSettings } from './settings.ts';
import { LogWriter } from './writer.ts';

/**
 * Opens a log to write, from wherever its last writer left it, and asks the
 * witnesses whether they know more than this store does.
 *
 * Refuses what `findStanding` does, and `witness.ahead` when a witness has
 * cosigned more: the store is an old copy, and writing on would fork the log.
 */
export async function openLog(settings: WriterSettings): Promise<LogWriter> {
  const { store, origin, signers, ownKeys, policy, witnesses } = settings;
  try {
    const standing = await findStanding(store, origin, signers, ownKeys);
    const cosigner = new Cosigner(policy, witnesses);
    await cosigner.cosign(standing.signed, new TreeReader(store, standing.head));
    return new LogWriter(settings, cosigner, standing);
  } catch (error) {
    await store.close();
    throw error;
  }
}
