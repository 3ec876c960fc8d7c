import type { Digest } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import type { PlacedFunction, Places } from '@avow/examine/places';
import { type Locator, parseTarget, printTarget } from '@avow/locator';

/** A product as the docket has it: examined, its files by digest, its places on demand. */
export interface Stored extends Partial<Places> {
  readonly examination: Examination;
  readonly files: readonly StoredFile[];
  /** Every record of its databases. */
  readonly records?: readonly StoredRecord[];
}

/**
 * A release or an update in which places can be looked up, examined or not:
 * where a claim's own does not have the place, another may.
 */
export interface Release {
  readonly target: string;
  readonly digest: Digest;
  readonly files: readonly StoredFile[];
  readonly records: readonly StoredRecord[];
  readonly places: Partial<Places>;
  readonly examination?: Examination;
}

export function releaseOf(stored: Stored): Release {
  const { examination, files, records = [] } = stored;
  const { target, digest } = examination.product;
  return { target, digest, files, records, places: stored, examination };
}

export interface StoredFile {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
}

export interface StoredRecord {
  readonly path: string;
  readonly id: string;
  readonly line: number;
  readonly digest: Digest;
}

export type StoredFunction = PlacedFunction;

/** `pkg:npm/x@1.2.3` of a locator or a stored product: what names its bytes. */
export function productOf({ target }: Locator): string {
  return printTarget(target.kind === 'purl' ? { kind: 'purl', purl: target.purl } : target);
}

export function targetOf(stored: Stored): string {
  return stored.examination.product.target;
}

/** The name without version and qualifiers, for "another release of the same". */
export function nameOf(target: string): string {
  const parsed = parseTarget(target);
  if (parsed.kind !== 'purl') return target;
  const { type, namespace, name } = parsed.purl;
  return [type, ...namespace, name].join('/');
}

/** The member's path, as members write theirs; undefined when the target is the file itself. */
export function memberOf({ target }: Locator): string | undefined {
  if (target.kind !== 'purl' || target.path === undefined) return undefined;
  return target.path.map((segments) => segments.join('/')).join('!/');
}
