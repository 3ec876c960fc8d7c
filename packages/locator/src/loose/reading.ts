import type { Guard, Place, Target } from '../locator.ts';
import type { LocatorDraft, MissingPart } from '../missing.ts';

/** What a pasted text may mean. Nothing of it is stored before a person has confirmed it. */
export interface LooseReading {
  readonly candidates: readonly Candidate[];
  /** What to ask before one of them can be confirmed; each once. */
  readonly questions: readonly Question[];
}

/** One meaning of one part of the text. */
export interface Candidate {
  /** The kind of text it was read from: `v8-frame`, `module+offset`. */
  readonly form: string;
  /** That part of the text, as pasted. */
  readonly text: string;
  /** The module as pasted, where the product does not say yet which file that is. */
  readonly module?: string;
  readonly draft: LocatorDraft;
  readonly missing: readonly MissingPart[];
}

/** What a recogniser finds in a line, before product and paths are known. */
export interface Found {
  readonly form: string;
  readonly module?: string;
  readonly target?: Target;
  readonly place?: Place;
  readonly guards?: readonly Guard[];
  readonly questions?: readonly Question[];
}

/** What the asking page already knows. */
export interface Known {
  readonly target?: Target;
  /** Paths of the product's members, decoded, `!/` where a container is entered. */
  readonly paths?: readonly string[];
  /** The product's or module's processor: `amd64`, `armhf`, `arm64`. */
  readonly architecture?: string;
  /** Where the module was loaded when the address was seen. */
  readonly base?: bigint;
  /** Digests under which a release or update is known: two for one is an alarm. */
  readonly digests?: readonly { readonly target: string; readonly digest: string }[];
}

export interface Question {
  readonly code: QuestionCode;
  readonly asks: string;
  /** Answers to choose from, where they can be listed. */
  readonly choices: readonly string[];
}

/** The ways in which a pasted place can mean more than one thing (docs/locator.md). */
export type QuestionCode = keyof typeof QUESTIONS;

export const QUESTIONS = {
  'address-kind':
    'Is the address counted from where the module is loaded, from zero in memory, or from the start of the file?',
  radix: 'Is the number decimal or hexadecimal?',
  'module-base': 'The address is from a running process: where was the module loaded?',
  'which-file': 'Which file of the product is meant?',
  'windows-name':
    'The name is a short, extensionless or case-folded Windows name: which file is it?',
  slice: 'The file may hold code for several processors: which slice?',
  'thumb-bit': 'The address is odd: is its lowest bit the ARM Thumb bit, or part of the address?',
  'not-in-file':
    'The address is in memory that the file does not hold (packed, .bss, relocated): was it read from the file or from memory?',
  'column-unit': 'Is the column counted in UTF-16 units, code points or bytes, from 0 or from 1?',
  'name-or-offset': 'Is this a file of that name, or a place in a file?',
  'signature-id': 'Which rule set, update, generator and revision does the signature id belong to?',
  'record-name': 'Which file, namespace and update of the database holds the record?',
  'two-digests':
    'Alarm: this release or update is known with two contents. Which digest was on the machine?',
  'version-suffix':
    'Does the version name the whole release or a patch, an epoch or a difference on top of it?',
  'too-long': 'Only the first part of the text was read. Which lines matter?',
} as const;

export function question(code: QuestionCode, choices: readonly string[] = []): Question {
  return { code, asks: QUESTIONS[code], choices };
}
