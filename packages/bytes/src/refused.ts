/**
 * Input that cannot be read: a code, a place and what was found there.
 *
 * Inside a reader it is thrown; at the package's edge it becomes a value (see
 * `why`). Programs and tests use `code`; each code has a page in `docs/codes/`.
 */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** Dotted: the reader, then what is wrong: `zip.header-signature`. */
  readonly code: string;
  /** Bytes from the start of what the reader was given; undefined when no one place is to blame. */
  readonly at: number | undefined;
  /** What was found there, for people. */
  readonly found: string;

  constructor(code: string, at: number | undefined, found: string) {
    super(at === undefined ? `${code}: ${found}` : `${code} at 0x${at.toString(16)}: ${found}`);
    this.code = code;
    this.at = at;
    this.found = found;
  }
}

/** The refusal as a value, as results carry it. `at` is lower-case hex. */
export interface Why {
  readonly code: string;
  readonly message: string;
  readonly at?: string;
}

/** Turns a refusal into a value. Any other error is a fault of ours and is thrown on. */
export function why(error: unknown): Why {
  if (!(error instanceof Refused)) throw error;
  return {
    code: error.code,
    message: error.found,
    ...(error.at === undefined ? {} : { at: `0x${error.at.toString(16)}` }),
  };
}
