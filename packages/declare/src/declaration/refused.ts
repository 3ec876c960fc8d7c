import type { Spot } from './declaration.ts';

/** One thing that is wrong with a declaration's text. */
export interface DeclarationFault extends Spot {
  /** Dotted, with a page in docs/codes/. */
  readonly code: string;
  readonly found: string;
  /** What would have been right there; the nearest right word first, where there is one. */
  readonly expected: string;
}

/** A text that is no declaration. Lists all that is wrong with it, in order of place. */
export class DeclarationRefused extends Error {
  override readonly name = 'Refused';
  readonly faults: readonly DeclarationFault[];
  /** The first fault's. */
  readonly code: string;
  readonly at: number | undefined = undefined;
  readonly found: string;

  constructor(faults: readonly [DeclarationFault, ...DeclarationFault[]], file = '') {
    super(faults.map((fault) => printFault(fault, file)).join('\n'));
    this.faults = faults;
    this.code = faults[0].code;
    this.found = faults[0].found;
  }
}

/** `avow.yaml:3:5: found "net.htp"; expected "net.http" (declaration.unknown-word)`. */
export function printFault(fault: DeclarationFault, file = ''): string {
  const place = `${file === '' ? '' : `${file}:`}${fault.line}:${fault.column}`;
  return `${place}: found ${fault.found}; expected ${fault.expected} (${fault.code})`;
}
