/**
 * Why a claim is turned back or ended, each with a page in docs/claims/.
 * The first six are of VINCE's list, the rest say what is not there.
 */
export const REASONS = {
  spam: { says: 'It is advertising or noise.', next: 'Nothing; it is counted and not kept.' },
  decline: {
    says: 'It was looked at and will not be pursued; the lead says why.',
    next: 'Read the reason; a new place or a new release is a new claim.',
  },
  'already-fixed': {
    says: 'The place is gone in a later release.',
    next: 'Say which release you have; the older one keeps its verdict.',
  },
  'vendor-cooperating': {
    says: 'The vendor is at it with the claimant already.',
    next: 'Claim again when that ends without a result.',
  },
  forward: {
    says: 'It belongs to another docket.',
    next: 'Take it there; the answer names it.',
  },
  lapsed: {
    says: 'Nothing was added in 30 days.',
    next: 'Hand it in again with what was missing; your text is kept.',
  },
  'missing-product': {
    says: 'It does not say which product.',
    next: 'Name it as a purl: pkg:npm/name@1.2.3, or give the file.',
  },
  'missing-version': {
    says: 'It does not say which release, or which update of the database.',
    next: "Add the version after @, or the update's number.",
  },
  'missing-module': {
    says: 'It does not say which file of the product.',
    next: 'Add the path after #; the nearest names are listed.',
  },
  'missing-place': {
    says: 'It does not say where in the file: no address, line or symbol.',
    next: 'Add @line:12:3, @rva:0x1a2f0 or the like.',
  },
  'missing-record': {
    says: 'It does not say which record of the update.',
    next: "Add @rec: and the record's id.",
  },
  'missing-feature': {
    says: 'It does not say what is there.',
    next: 'Name a feature (net.http) or a flow (cred.ssh-pgp -> net.http).',
  },
  'no-such-product': {
    says: 'No such product is stored or was given.',
    next: 'Give the artifact with the claim.',
  },
  'no-such-version': {
    says: 'The product is known, this release or update is not.',
    next: 'Choose one of those listed, or give the artifact.',
  },
  'no-such-module': {
    says: 'The product has no file of that name.',
    next: 'Choose one of the names listed.',
  },
  'no-such-record': {
    says: 'The update has no record with that id.',
    next: 'Choose one of the ids listed.',
  },
  'no-such-symbol': {
    says: 'The file has no symbol, section or function of that name.',
    next: 'Choose one of the names listed, or give the address.',
  },
  'wrong-update': {
    says: 'The record is in another update, not in this one.',
    next: 'Name the update that has it; it is listed.',
  },
  'outside-image': {
    says: 'The file has no code at that place, or ends before it.',
    next: 'Check the base that the address is counted from; what is near is listed.',
  },
  'stale-digest': {
    says: 'The file under that name has another digest than the claim is bound to.',
    next: 'Say which of the two you have; two contents under one number are an alarm.',
  },
  'two-contents': {
    says: 'This release or update is known with two contents.',
    next: 'Give the digest of yours. That there are two is followed up on its own.',
  },
  ambiguous: {
    says: 'It can mean more than one place.',
    next: 'Answer the questions, or copy the canonical locator that is meant.',
  },
} as const satisfies Record<string, { readonly says: string; readonly next: string }>;

export type ReasonCode = keyof typeof REASONS;

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}
