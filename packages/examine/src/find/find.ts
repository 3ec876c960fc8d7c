import { decodeText, latin1Text, utf8Text } from '@avow/bytes';
import { isFeatureId } from '@avow/declare';
import type { Member } from '@avow/formats';
import { type Place, parseTarget, pathOf, printLocator } from '@avow/locator';
import type { Examination, Feature } from '../result.ts';
import { formsOf } from './forms.ts';

/** A place that may be the cause of what was seen. */
export interface Candidate {
  readonly locator: string;
  /** How it fits, likeliest first: `record`, `feature`, `recipient`, `evidence`, `text`. */
  readonly fit: 'record' | 'feature' | 'recipient' | 'evidence' | 'text';
  /** What stands there. */
  readonly evidence: string;
  readonly feature?: Feature;
  /** For texts: the form in which the symptom stands there. */
  readonly form?: string;
}

/** A text that is everywhere is no lead; so many places of one file and form are given. */
const MAX_TEXTS_PER_FORM = 5;
const EVIDENCE_LENGTH = 80;

/**
 * Places of a product that may cause `symptom`: features that it names or
 * whose recipient has it, then code that shows it, then files in which it
 * stands, as it is or encoded. Texts at the line of a feature found already
 * are left out.
 */
export function findCandidates(
  symptom: string,
  examination: Examination,
  members: Iterable<Member>,
): Candidate[] {
  // Records are looked for by what they are, in their own way.
  const inCode = examination.features.filter(({ record }) => record === undefined);
  const byFeature = featureCandidates(symptom, inCode);
  const known = new Set(byFeature.map(({ locator }) => lineOf(locator)));
  const byText = isFeatureId(symptom)
    ? []
    : [...members].flatMap((member) => textCandidates(symptom, examination.product.target, member));
  return [...byFeature, ...byText.filter(({ locator }) => !known.has(lineOf(locator)))];
}

function featureCandidates(symptom: string, features: readonly Feature[]): Candidate[] {
  const wanted = symptom.toLowerCase();
  const has = (text: string | undefined) => text?.toLowerCase().includes(wanted) === true;
  const fits = [
    ['feature', ({ feature }: Feature) => feature === symptom],
    ['recipient', ({ recipient }: Feature) => has(recipient)],
    ['evidence', ({ evidence, recipient }: Feature) => !has(recipient) && has(evidence)],
  ] as const;
  return fits.flatMap(([fit, holds]) =>
    features
      .filter(holds)
      .map((feature) => ({ locator: feature.locator, fit, evidence: feature.evidence, feature })),
  );
}

/** A locator without its column. */
function lineOf(locator: string): string {
  return locator.replace(/(@line:\d+):.*$/, '$1');
}

function textCandidates(symptom: string, target: string, member: Member): Candidate[] {
  const content = latin1Text(member.bytes);
  const seen = new Set<number>();
  return formsOf(symptom).flatMap(({ name, needle }) =>
    occurrences(content, needle)
      .filter((at) => !seen.has(at) && seen.add(at))
      .map((at) => ({
        locator: locatorAt(target, member, at, needle.length),
        fit: 'text',
        evidence: evidenceAt(member.bytes, at, needle.length),
        form: name,
      })),
  );
}

function occurrences(content: string, needle: string): number[] {
  const found: number[] = [];
  for (
    let at = content.indexOf(needle);
    at !== -1 && found.length < MAX_TEXTS_PER_FORM;
    at = content.indexOf(needle, at + needle.length)
  ) {
    found.push(at);
  }
  return found;
}

function locatorAt(target: string, { path, bytes }: Member, at: number, length: number): string {
  const product = parseTarget(target);
  return printLocator({
    target: product.kind === 'purl' ? { ...product, path: pathOf(path) } : product,
    place: placeAt(bytes, at, length),
    guards: [],
  });
}

/** Line and column where the file is UTF-8 text, else the offset. */
function placeAt(bytes: Uint8Array, at: number, length: number): Place {
  const before = utf8Text(bytes.subarray(0, at));
  if (before === undefined || bytes.subarray(0, at + length).includes(0)) {
    return { kind: 'off', address: BigInt(at), length };
  }
  const lines = before.replace(/^\ufeff/, '').split(/\r\n|[\n\r]/);
  return { kind: 'line', start: { line: lines.length, column: lines.at(-1)!.length + 1 } };
}

/** The text around, on one line. */
function evidenceAt(bytes: Uint8Array, at: number, length: number): string {
  const lead = Math.max(0, Math.floor((EVIDENCE_LENGTH - length) / 3));
  const from = Math.max(0, at - lead);
  const { text } = decodeText(bytes.subarray(from, from + EVIDENCE_LENGTH));
  return text.replaceAll(/\s+/g, ' ').trim();
}
