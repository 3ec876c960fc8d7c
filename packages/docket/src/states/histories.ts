import type { CASE_MOVES } from './case-table.ts';
import type { CLAIM_MOVES } from './claim-table.ts';

/**
 * The same rules said a second time, as what whole histories look like: a
 * letter for each move, and a regular expression for all legal sequences. A
 * test holds both to the same histories, so that neither is changed alone.
 */
export const CLAIM_LETTERS: Readonly<Record<(typeof CLAIM_MOVES)[number]['by'], string>> = {
  write: 'W',
  edit: 'E',
  submit: 'S',
  overdue: 'L',
  turnBack: 'T',
  resolve: 'R',
  turnBackAgain: 'G',
  complete: 'C',
  attach: 'A',
  accept: 'P',
  defer: 'D',
  review: 'V',
  resume: 'U',
  close: 'X',
  dismiss: 'Z',
  withdraw: 'Y',
};

/** Of a valid claim: it follows another, or is accepted (perhaps after having been put off) and closed, or put off and dismissed. */
const VALID = '(?:A|(?:P|DV*U)(?:DV*U)*(?:X|DV*Z?)?|DV*Z?)?';
const UNTIL_WITHDRAWN = new RegExp(`^(?:WE*(?:SL*(?:T[GE]*(?:C${VALID}|Z)?|R${VALID})?)?)?$`);

/** Withdrawn is last, and only what is neither closed nor not begun is withdrawn. */
export function isClaimHistory(letters: string): boolean {
  if (!letters.endsWith('Y')) return UNTIL_WITHDRAWN.test(letters);
  return /^[^Y]*[^XYZ]Y$/.test(letters) && UNTIL_WITHDRAWN.test(letters.slice(0, -1));
}

export const CASE_LETTERS: Readonly<Record<(typeof CASE_MOVES)[number]['by'], string>> = {
  open: 'O',
  join: 'j',
  take: 'k',
  notify: 'n',
  answer: 'a',
  state: 's',
  silence: 'l',
  overdue: 'o',
  keep: 'e',
  run: 'r',
  reproduce: 'F',
  doNotReproduce: 'N',
  propose: 'P',
  contest: 'C',
  approve: 'A',
  publish: 'U',
  finalise: 'f',
  correct: 'c',
  log: 'g',
  supersede: 'S',
  withdraw: 'W',
};

/** What may be added before a decision, and after it. */
const BEFORE = '[jkselor]*';
const AFTER = '[jkse]*';
const PROPOSED = `P${BEFORE}(?:(?:C${BEFORE})?P${BEFORE})*`;
const PUBLISHED = 'U[jksefcg]*(?:[SW]g*)?';
const CASE = new RegExp(
  `^(?:O${BEFORE}(?:n${BEFORE}(?:a${BEFORE})?)?` +
    `(?:(?:[FN]${BEFORE})+(?:${PROPOSED}(?:C${BEFORE}|A${AFTER}(?:${PUBLISHED})?)?)?)?)?$`,
);

export function isCaseHistory(letters: string): boolean {
  return CASE.test(letters);
}
