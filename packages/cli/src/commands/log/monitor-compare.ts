import { Refused } from '@avow/bytes';
import type { ChainedEntry, TileSource } from '@avow/log';
import { shown } from '../../render/shown.ts';
import { declarationChanges } from './monitor-declared.ts';
import { examinedChanges } from './monitor-examined.ts';
import { isWhole, keptOf } from './monitor-kept.ts';
import { note, type Remark } from './remark.ts';

export interface CompareOptions {
  /** False: declarations alone are compared. */
  readonly examine: boolean;
  readonly cache: boolean;
}

/**
 * What an entry adds to the one before it in its chain: in what its maker
 * declares, and in what it does where the log keeps both artifacts. What
 * could not be compared is said.
 */
export async function compareEntries(
  source: TileSource,
  before: ChainedEntry,
  entry: ChainedEntry,
  options: CompareOptions,
  signal: AbortSignal,
): Promise<readonly Remark[]> {
  const [old, now] = await Promise.all([keptOf(source, before), keptOf(source, entry)]);
  const remarks: Remark[] = [...old.remarks, ...now.remarks];
  remarks.push(...declarationChanges(old.declaration, now.declaration));
  if (entry.type === 'declaration' || before.digest === entry.digest) return remarks;
  if (options.examine && isWhole(old) && isWhole(now)) {
    try {
      return [...remarks, ...(await examinedChanges(old, now, options.cache, signal))];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      remarks.push(note(`it could not be examined: ${shown(error.message)}`));
    }
  }
  const missing = [old, now].filter(({ artifact }) => artifact === undefined);
  const reason = !options.examine
    ? 'as asked'
    : missing.map(({ name }) => `the archive of ${name} is not kept in the log`).join(', ');
  const what = old.declaration.digest ?? now.declaration.digest;
  const compared = what === undefined ? 'nothing was compared' : 'only declarations were compared';
  return [...remarks, note(reason === '' ? compared : `${compared}: ${reason}`)];
}
