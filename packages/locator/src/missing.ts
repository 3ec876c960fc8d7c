import type { Guard, Place, Target } from './locator.ts';

/** A locator on its way: what is known of it so far. */
export interface LocatorDraft {
  readonly target?: Target;
  readonly place?: Place;
  readonly guards?: readonly Guard[];
}

export type MissingPart = 'product' | 'version' | 'module' | 'place' | 'record';

/** What a person is told of each missing part. */
export const MISSING_SAYS: Readonly<Record<MissingPart, string>> = {
  product: 'the product: "pkg:type/name@version"',
  version: "the product's version or the database's update number",
  module: 'the module\'s path within the product, after "#"',
  place: 'the place in the module: an address, a line, a symbol',
  record: 'the record\'s id: "@rec:…", or its line with the digest of the file',
};

/**
 * All that a claim at this place would still lack, in the order product,
 * version, module, place. Code needs version, module and place; a record needs
 * version and id (a list without ids, such as an adblock list: the line, with
 * a `sha256:` guard). A blob's digest names its own content, so it lacks neither
 * version nor module.
 */
export function missingFrom(
  draft: LocatorDraft,
  subject: 'code' | 'record' = draft.place?.kind === 'rec' ? 'record' : 'code',
): readonly MissingPart[] {
  const { target, place } = draft;
  const missing: MissingPart[] = [];
  if (target === undefined) missing.push('product');
  const product = target?.kind === 'purl' ? target : undefined;
  const isBlob = target !== undefined && product === undefined;
  if (!isBlob && (product?.purl.version ?? '') === '') missing.push('version');
  if (subject === 'record') {
    if (!namesRecord(draft)) missing.push('record');
    return missing;
  }
  if (!isBlob && (product?.path ?? []).length === 0) missing.push('module');
  if (place === undefined || place.kind === 'rec') missing.push('place');
  return missing;
}

function namesRecord({ place, guards }: LocatorDraft): boolean {
  if (place?.kind === 'rec') return true;
  return place?.kind === 'line' && (guards ?? []).some((guard) => guard.kind === 'sha256');
}
