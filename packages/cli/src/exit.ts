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
  /** `check`: not in a log that the policy trusts, or seen by too few witnesses. */
  notLogged: 10,
  /** `check`: the log has shown two histories; the evidence file has both. */
  fork: 11,
  /** `check`: not the newest, or nobody has seen the log lately. */
  stale: 12,
  /** `check`: the chain of numbers is broken, or one number has two entries. */
  gap: 13,
  /** `check`: what is installed is not what was released. */
  altered: 14,
  /** `check`: it can do what its maker has not declared. */
  undeclared: 15,
  /** `check`: an investigation found against it. */
  verdict: 16,
  /** One update number of a database stands for two contents. */
  alarm: 5,
  /** A fault of Avow (EX_SOFTWARE of sysexits.h). */
  fault: 70,
  /** Interrupted from the keyboard: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
