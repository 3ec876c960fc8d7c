import {
  type Candidate,
  type Known,
  type Locator,
  type LocatorDraft,
  type MissingPart,
  missingFrom,
  type Place,
  pathOf,
  printLocator,
  QUESTIONS,
  type Question,
  type QuestionCode,
  readLoose,
} from '@avow/locator';
import { locatorsApart } from './apart.ts';
import { readDocument } from './document.ts';
import { filesNamed } from './file-line.ts';
import { plainLine } from './lines.ts';
import type { ReasonCode } from './reasons.ts';
import { readSaid, type Said } from './said.ts';
import { placesWithin } from './within.ts';

/** What a claim's text may mean; nothing of it counts before its claimant has confirmed it. */
export interface Intake {
  /** Every place that it may name, in canonical text; one is what is wanted. */
  readonly locators: readonly Locator[];
  /** What it says is there. */
  readonly said: readonly Said[];
  readonly questions: readonly Question[];
  /** Everything that it lacks, at once. */
  readonly lacks: readonly ReasonCode[];
  /** The files that it names as pasted, where no path of the product is meant for sure. */
  readonly modules: readonly string[];
  /** Words that may be part of a record's id. */
  readonly words: readonly string[];
  /** The canonical text itself was typed: there is nothing to confirm. */
  readonly isCanonical: boolean;
}

/** Questions that the canonical locator answers by itself, once its claimant confirms it. */
const CONFIRMED: ReadonlySet<QuestionCode> = new Set([
  'column-unit',
  'name-or-offset',
  'record-name',
  'windows-name',
  'version-suffix',
  'which-file',
  'signature-id',
  'too-long',
  // Which of two contents is meant is the resolution's to say: a digest in the claim decides it.
  'two-digests',
]);

/** A stack trace or a report fits; of a whole log the first part is read, and the rest asked about. */
const MAX_TEXT = 65_537;
const MAX_LINES = 501;

const MAX_WORDS = 40;

const LACKS: Readonly<Record<MissingPart, ReasonCode>> = {
  product: 'missing-product',
  version: 'missing-version',
  module: 'missing-module',
  place: 'missing-place',
  record: 'missing-record',
};

/**
 * Reads what people write: labelled lines, pasted frames and addresses, log
 * lines, CSAF and SARIF documents. It never chooses between meanings. Linear
 * in the text, of which 65,536 characters are read (10 MB of a document).
 */
export function readClaim(
  text: string,
  known: Known = {},
  records: readonly KnownRecord[] = [],
): Intake {
  const document = readDocument(text);
  const apart = locatorsApart(
    document === undefined ? text.slice(0, MAX_TEXT) : document.lines.join('\n'),
  );
  const { said, rest } = readSaid(apart.text);
  const { lines, named } = plainText(rest);
  const loose = readLoose(lines, known);
  const place = (one: Candidate): Candidate => placed(asRecord(one), known, records);
  const read = [...named.map((draft) => asCandidate(draft, known)), ...loose.candidates].map(place);
  const isRead = read.some(
    ({ missing, draft }) => missing.length === 0 && !isForeignRecord(draft.place, records),
  );
  // Forms of whole lines first; where none names a place, what stands within the lines.
  const within = isRead || document !== undefined ? [] : placesWithin(rest, known, records);
  const found = within.map((draft) => place(asCandidate(draft, known)));
  const candidates = found.length > 0 ? found : read;
  const questions = within.length > 0 ? [] : loose.questions;
  const whole = candidates.filter(({ missing }) => missing.length === 0);
  const locators = distinct(whole.map(({ draft }) => draft));
  const open = questions.filter(({ code }) => locators.length !== 1 || !CONFIRMED.has(code));
  const lacks =
    whole.length > 0
      ? []
      : leastMissing(
          candidates.map(({ missing }) => missing),
          known,
        );
  return {
    locators,
    said,
    questions:
      document?.isCut === true && !open.some(({ code }) => code === 'too-long')
        ? [...open, { code: 'too-long', asks: QUESTIONS['too-long'], choices: [] }]
        : open,
    lacks: [
      ...lacks,
      ...(said.length === 0 ? (['missing-feature'] as const) : []),
      ...(said.length > 1 ||
      locators.length > 1 ||
      apart.products.length > 1 ||
      open.some(isBlocking)
        ? (['ambiguous'] as const)
        : []),
    ],
    modules: [
      ...new Set(candidates.flatMap(({ module }) => (module === undefined ? [] : [module]))),
    ],
    words: wordsOf(lines),
    isCanonical:
      locators.length === 1 && apart.text.split('\n').includes(printLocator(locators[0]!)),
  };
}

/** A record that the product has: an id alone names it where one file has it. */
export interface KnownRecord {
  readonly path: string;
  readonly id: string;
}

/** A place with the module that it was named with. */
export interface Named {
  readonly module?: string;
  readonly place: Place;
}

/** Rewritten lines, and the places that are said in so many words. */
function plainText(text: string): { lines: string; named: readonly Named[] } {
  const named: Named[] = [];
  const lines = text.split('\n', MAX_LINES).map((raw) => {
    const line = plainLine(raw);
    const found = namedPlace(line);
    if (found !== undefined) named.push(found);
    return found === undefined ? line : '';
  });
  return { lines: lines.join('\n'), named };
}

/** What `plainLine` writes for a place that is named in words: `@rva libscan.so 0x1a2f0`. */
function namedPlace(line: string): Named | undefined {
  const [kind, module, ...rest] = line.startsWith('@') ? line.slice(1).split(' ') : [];
  if (kind === undefined || module === undefined) return undefined;
  if (kind === 'rec') return rest.length === 0 ? { place: { kind, id: module } } : undefined;
  const [first = '', second = ''] = rest;
  const isHex = /^0x[0-9a-f]{1,16}$/i;
  if (/^(?:rva|va|off)$/i.test(kind) && isHex.test(first)) {
    const address = BigInt(first);
    return { module, place: { kind: kind.toLowerCase() as 'rva' | 'va' | 'off', address } };
  }
  if ((kind === 'sec' || kind === 'sym') && isHex.test(second)) {
    const offset = BigInt(second);
    if (kind === 'sec') return { module, place: { kind, name: first, offset } };
    return { module, place: { kind, name: first, ...(offset === 0n ? {} : { offset }) } };
  }
  return undefined;
}

/** A rule's name that no database of the product has may be a word of the line. */
function isForeignRecord(place: Place | undefined, records: readonly KnownRecord[]): boolean {
  if (place?.kind !== 'rec' || records.length === 0) return false;
  return !records.some(({ id }) => id === place.id);
}

function asCandidate({ module, place }: Named, { target }: Known): Candidate {
  const draft: LocatorDraft = { place, ...(target === undefined ? {} : { target }) };
  const named = module === undefined ? {} : { module };
  return { form: 'words', text: '', ...named, draft, missing: missingFrom(draft) };
}

/** Forms that name a record, also where they leave its id open. */
const RECORD_FORMS = new Set(['signature-id', 'yara-rule', 'clamav-name', 'filter-rule']);

/** What a record lacks is its id, not a file and an address. */
function asRecord(one: Candidate): Candidate {
  if (!RECORD_FORMS.has(one.form) || one.draft.place !== undefined) return one;
  return { ...one, missing: missingFrom(one.draft, 'record') };
}

/** Puts a candidate into the one file that it can mean: by its name, or by the record's id. */
function placed(
  one: Candidate,
  { target, paths }: Known,
  records: readonly KnownRecord[],
): Candidate {
  const { draft, module } = one;
  const product = draft.target ?? target;
  if (product?.kind !== 'purl' || (product.path ?? []).length > 0) return one;
  const { place } = draft;
  const files =
    place?.kind === 'rec'
      ? records.filter(({ id }) => id === place.id).map(({ path }) => path)
      : module === undefined
        ? []
        : filesNamed(module, paths ?? []);
  if (files.length !== 1) return one;
  const moved = { ...draft, target: { ...product, path: pathOf(files[0]!) } };
  return { ...one, draft: moved, missing: missingFrom(moved) };
}

/** A question that even a single meaning leaves open. */
function isBlocking({ code }: Question): boolean {
  return !CONFIRMED.has(code);
}

/** Of the reading that lacks least; without any reading, everything that is not known. */
function leastMissing(
  all: readonly (readonly MissingPart[])[],
  { target }: Known,
): readonly ReasonCode[] {
  const nothing: readonly MissingPart[] = [
    ...(target === undefined ? (['product', 'version'] as const) : []),
    'module',
    'place',
  ];
  const [least = nothing] = [...all].sort((one, other) => one.length - other.length);
  return least.map((part) => LACKS[part]);
}

/** Words of the places that could not be read whole: ids that look like them are offered. */
function wordsOf(text: string): readonly string[] {
  const words = text.slice(0, 4_096).match(/[\w.:-]{4,100}/g) ?? [];
  return [...new Set(words)].slice(0, MAX_WORDS);
}

function distinct(drafts: readonly LocatorDraft[]): Locator[] {
  const all = drafts.flatMap(({ target, place, guards }): Locator[] =>
    target === undefined || place === undefined ? [] : [{ target, place, guards: guards ?? [] }],
  );
  return [...new Map(all.map((locator) => [printLocator(locator), locator])).values()];
}
