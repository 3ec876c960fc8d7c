/** Exit statuses; docs/exit-codes.md says what each means to a script. */
export const EXIT = {
  /** Nothing undeclared, and everything was read. */
  ok: 0,
  /** Findings; for `diff`, something is new; for `find`, candidates. */
  findings: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Something could not be read or analysed, so there is no full answer. */
  incomplete: 3,
  /** The product as a whole could not be read or had. */
  refused: 4,
  /** A fault of Avow (EX_SOFTWARE of sysexits.h). */
  fault: 70,
  /** Interrupted from the keyboard: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
