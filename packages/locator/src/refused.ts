/** One thing that is wrong with a locator's text. */
export interface LocatorFault {
  /** Dotted, with a page in docs/codes/. */
  readonly code: string;
  /** UTF-16 code units from the start of the text. */
  readonly at: number;
  readonly found: string;
  /** What would have been right there. */
  readonly expected: string;
}

/** A text that is no locator. It lists all that is wrong with it, in order of place. */
export class LocatorRefused extends Error {
  override readonly name = 'Refused';
  readonly faults: readonly LocatorFault[];
  /** The first fault's. */
  readonly code: string;
  readonly at: number;
  readonly found: string;

  constructor(faults: readonly [LocatorFault, ...LocatorFault[]]) {
    super(
      faults
        .map((fault) => `${fault.code} at ${fault.at}: ${fault.found}; expected ${fault.expected}`)
        .join('\n'),
    );
    this.faults = faults;
    this.code = faults[0].code;
    this.at = faults[0].at;
    this.found = faults[0].found;
  }
}

/** Shortens hostile text for a message. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return JSON.stringify(short);
}
