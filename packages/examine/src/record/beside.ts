import type { Digest } from '@avow/bytes';
import type { ProductMember, UnreadMember } from '@avow/formats';
import type { Unknown } from '../result.ts';
import type { DatabaseExamination } from './examine.ts';
import { inOrder } from './listed.ts';
import { memberTarget } from './places.ts';

/** A database update that is given beside a product, with a target and a digest of its own. */
export interface Beside {
  /** As it was named, without the folders of the machine: `daily.cvd`. */
  readonly name: string;
  readonly target: string;
  readonly digest: Digest;
  readonly members: readonly ProductMember[];
  /** Members that could not be had: their records are not known. */
  readonly unread: readonly UnreadMember[];
}

/** One update beside the product, and what its records do. */
export interface ExaminedBeside {
  readonly beside: Beside;
  readonly examination: DatabaseExamination;
}

/**
 * The databases of a product and those given beside it as one: features that
 * matter most come first, wherever they are from, and each database of another
 * file names that file and its digest. `members` stays that of the product alone.
 */
export function withBeside(
  own: DatabaseExamination,
  others: readonly ExaminedBeside[],
): DatabaseExamination {
  const all = [own, ...others.map(({ examination }) => examination)];
  return {
    databases: [
      ...own.databases,
      ...others.flatMap(({ beside: { name, target, digest }, examination }) =>
        examination.databases.map((database) => ({
          ...database,
          beside: { name, target, digest },
        })),
      ),
    ],
    features: inOrder(all.flatMap(({ features }) => features)),
    flows: all.flatMap(({ flows }) => flows),
    unknowns: [
      ...all.flatMap(({ unknowns }) => unknowns),
      ...others.flatMap(({ beside }) => unreadOf(beside)),
    ],
    records: all.flatMap(({ records }) => records),
    members: own.members,
    besideBytes: others.reduce((sum, one) => sum + bytesOf(one), 0),
  };
}

function unreadOf({ target, unread }: Beside): Unknown[] {
  return unread.map(({ path, why }) => ({
    feature: 'opaque.unanalysed',
    locator: `${memberTarget(target, path)} @all`,
    why,
  }));
}

function bytesOf({ beside, examination }: ExaminedBeside): number {
  return beside.members
    .filter(({ path }) => examination.members.has(path))
    .reduce((sum, { bytes }) => sum + bytes.length, 0);
}
