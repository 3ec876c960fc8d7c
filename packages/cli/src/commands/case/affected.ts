import {
  type Affected,
  affectedBy,
  type Case,
  type Receipt,
  readSaid,
  type Seen,
  seenIn,
  soughtOf,
  TWO_CONTENTS,
} from '@avow/docket';
import { parseTarget } from '@avow/locator';
import type { DocketFolder } from '@avow/stores/docket';
import { type Examiner, withExaminer } from '../../examiner.ts';
import { Progress } from '../../progress.ts';
import { Artifacts } from '../claim/artifacts.ts';
import { storedProduct } from '../claim/stored.ts';

/**
 * In which of the releases and updates that are kept the same is found, by
 * examining each; nothing where the product itself is not kept.
 */
export async function affectedReleases(
  found: Case,
  receipt: Receipt,
  opened: Pick<DocketFolder, 'artifacts' | 'kept'>,
  cache: boolean,
  signal: AbortSignal,
): Promise<Affected> {
  const progress = new Progress(process.stderr, true);
  return withExaminer({ cache }, progress, signal, (examiner) =>
    lookIn(found, receipt, opened, examiner),
  );
}

async function lookIn(
  { said, target }: Case,
  receipt: Receipt,
  opened: Pick<DocketFolder, 'artifacts' | 'kept'>,
  examiner: Examiner,
): Promise<Affected> {
  const artifacts = new Artifacts(opened);
  const own = await artifacts.withDigest(target, receipt.product.digest);
  const [meant] = said === TWO_CONTENTS ? [] : readSaid(`feature: ${said}`).said;
  if (own === undefined || meant === undefined) return { also: [] };
  const sought = soughtOf(meant, receipt.recheck, await storedProduct(examiner, own));
  const seen: Seen[] = [];
  for (const product of await artifacts.all(target)) {
    // A second content under the same number is an alarm of its own, not another release.
    if (product.target === target) continue;
    seen.push(seenIn(sought, await storedProduct(examiner, product)));
  }
  const parsed = parseTarget(target);
  const version = parsed.kind === 'purl' ? (parsed.purl.version ?? '') : target;
  return affectedBy(version, seen);
}
