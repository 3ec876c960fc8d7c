import type { Digest } from '@avow/bytes';
import { parseTarget } from '@avow/locator';
import type { Outcome } from '@avow/log';
import { TWO_CONTENTS } from '../case/alarm.ts';
import type { Case } from '../case/case.ts';
import type { Party, Revision } from '../case/parts.ts';
import type { Receipt } from '../claim/receipt.ts';
import type { SourceLine } from './code-scanning.ts';

/** Who publishes: a name, a namespace that is a URL, and where the documents will be. */
export interface Publisher {
  readonly name: string;
  /** `https://…`: CSAF's `namespace`. */
  readonly namespace: string;
  /** Where the documents are served, without a slash at the end. */
  readonly base: string;
  /** Before the year in ids: `avow` gives `avow-2026-0003`. */
  readonly prefix: string;
  /** File and line at which code scanning services show what is in no script. */
  readonly declaration?: SourceLine;
}

/** Releases and updates that an advisory speaks of, beside the one that was examined. */
export interface Affected {
  /** Versions or update numbers in which the same was found. */
  readonly also: readonly string[];
  /** The first in which it was not, after the last in which it was. */
  readonly fixedIn?: string;
  /** From the first that has it to the first after it that does not, in the order of versions. */
  readonly ranges?: readonly { readonly introduced: string; readonly fixed?: string }[];
  /** Looked at, and without it. */
  readonly free?: readonly string[];
  /** Looked at, and not wholly read: it may be there. */
  readonly unknown?: readonly string[];
}

/** What is published of a case: resolved facts, and the parties' positions side by side. */
export interface Advisory {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly summary: string;
  readonly target: string;
  /** Name of the product, for people. */
  readonly product: string;
  readonly version: string;
  readonly productDigest: Digest;
  readonly module: { readonly path: string; readonly digest: Digest };
  readonly locator: string;
  readonly said: string;
  /** What leaves, and to whom. */
  readonly leaves: readonly string[];
  readonly gates: readonly string[];
  readonly parties: readonly (Party & { readonly status: Involvement; readonly at: string })[];
  readonly revisions: readonly Revision[];
  readonly isFinal: boolean;
  readonly affected: Affected;
  /** The place as bytes of the file and relative to the module, where it is in code. */
  readonly views?: Receipt['views'];
  /** Version of the engine that the runs were made with. */
  readonly engine: string;
  /** Digest of the receipt with which anyone can run it again. */
  readonly receipt: Digest;
}

/** CSAF's status of a party's part in the case. */
export type Involvement =
  | 'open'
  | 'not_contacted'
  | 'contact_attempted'
  | 'in_progress'
  | 'completed'
  | 'disputed';

export function advisoryId({ prefix }: Publisher, found: Case): string {
  const number = found.id.slice('case-'.length).padStart(4, '0');
  return `${prefix}-${found.openedAt.slice(0, 4)}-${number}`;
}

/** The advisory of a decided case. */
export function advisoryOf(
  found: Case,
  receipt: Receipt,
  publisher: Publisher,
  affected: Affected = { also: [] },
): Advisory {
  const { proposal, runs } = found;
  if (proposal?.approvedBy === undefined) throw new TypeError(`${found.id} is not decided`);
  const target = parseTarget(receipt.product.target);
  const [product, version] =
    target.kind === 'purl'
      ? [[...target.purl.namespace, target.purl.name].join('/'), target.purl.version ?? '']
      : [receipt.product.target, receipt.product.digest];
  const { leaves, gates } = receipt.recheck;
  return {
    id: advisoryId(publisher, found),
    title:
      found.said === TWO_CONTENTS
        ? `${product} ${version}: one number, two contents`
        : `${product} ${version}: ${found.said}, ${OUTCOME_SAYS[proposal.outcome]}`,
    outcome: proposal.outcome,
    summary: proposal.summary,
    target: receipt.product.target,
    product,
    version,
    productDigest: receipt.product.digest,
    module: receipt.module,
    locator: receipt.locator,
    said: found.said,
    leaves,
    gates,
    parties: partiesOf(found),
    revisions: found.revisions,
    isFinal: found.isFinal,
    affected,
    ...(receipt.views === undefined ? {} : { views: receipt.views }),
    engine: receipt.engine.version,
    receipt: runs[0]!.receipt,
  };
}

export const OUTCOME_SAYS: Readonly<Record<Outcome, string>> = {
  undeclared: 'which its maker has not declared',
  contradicts: 'which its maker says it does not do',
  declared: 'which its maker has declared',
  absent: 'which is not there',
  unreachable: 'which nothing reaches',
  unknown: 'which could not be settled',
};

/** How a verdict ranks where tools rank results (SARIF 2.1.0, 3.27.10). */
export const LEVELS = {
  undeclared: 'error',
  contradicts: 'error',
  declared: 'none',
  absent: 'none',
  unreachable: 'none',
  unknown: 'warning',
} as const satisfies Record<Outcome, string>;

/** The vendor's part: not told, silent, disputing or through. Names of claimants stay out. */
function partiesOf(found: Case): Advisory['parties'] {
  const vendor = found.statements.filter(({ by }) => by.role === 'vendor');
  const disputes = vendor.some(({ stance }) => stance === 'disputes' || stance === 'contests');
  const status: Involvement = disputes
    ? 'disputed'
    : vendor.length > 0
      ? 'completed'
      : found.notifiedAt === undefined
        ? 'not_contacted'
        : 'contact_attempted';
  const name = vendor[0]?.by.name ?? 'the vendor';
  const at = vendor.at(-1)?.at ?? found.notifiedAt ?? found.openedAt;
  return [{ name, role: 'vendor', status, at }];
}
