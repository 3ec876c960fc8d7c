import type { Digest } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import { type Locator, parseTarget, printTarget } from '@avow/locator';

/** A product as the docket has it: examined, its files by digest, its places on demand. */
export interface Stored {
  readonly examination: Examination;
  readonly files: readonly StoredFile[];
  /** Every record of its databases. */
  readonly records?: readonly StoredRecord[];
  /** UTF-16 code units of each line of a text; undefined for a file that is none. */
  lineLengths?(path: string): readonly number[] | undefined;
  /** The functions of a module, for whoever names one and means what is in it. */
  functionsOf?(path: string): readonly StoredFunction[] | undefined;
  /** Whether code or data of the file is at an address; undefined where that cannot be told. */
  holdsAddress?(path: string, place: Locator['place']): boolean | undefined;
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

export interface StoredFunction {
  readonly name: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

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
