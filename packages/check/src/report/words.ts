import type { CheckResult, FaultKind } from '../answer.ts';

/** What each answer says to a person, and what to do next. */
export const SAYS: Record<CheckResult['answer'], { readonly what: string; readonly next: string }> =
  {
    good: {
      what: 'What is installed is what everyone got, and it is logged.',
      next: 'Nothing is to be done.',
    },
    fork: {
      what: 'The log has shown two histories. One of its readers was lied to.',
      next: "Keep the evidence file and publish it; trust nothing new of this log's maker.",
    },
    altered: {
      what: 'What is installed is not what was released.',
      next: 'Do not run it. Keep a copy, install it again from another source, and compare.',
    },
    'not-logged': {
      what: 'Nothing shows that everyone got this.',
      next: 'Do not update to it. Ask the maker for the proof of this release.',
    },
    verdict: {
      what: 'An investigation has found against it.',
      next: 'Read the verdict; update to a release that it clears.',
    },
    gap: {
      what: 'The chain of releases is broken.',
      next: 'Ask the maker what the missing or doubled number was, and for whom.',
    },
    undeclared: {
      what: 'It can do what its maker has not declared.',
      next: 'Look at the places; avow claim makes a claim of them.',
    },
    stale: {
      what: 'It is not the newest, or nobody has seen the log lately.',
      next: 'Update, or connect to the log again.',
    },
  };

/** `good`, of a log that the policy wants no witness of. */
export const GOOD_UNSEEN = {
  what: 'What is installed is logged; no witness says that others see the same log.',
  next: 'Ask for a log with witnesses, and name them in the policy.',
};

/** Titles of the checks, for reports that list each of them. */
export const TITLES: Record<FaultKind, string> = {
  'not-logged': 'it is logged and enough witnesses saw it',
  fork: 'the log has one history',
  gap: 'the chain of its releases is whole',
  stale: 'it is fresh',
  altered: 'it is what was released',
  undeclared: 'it keeps to its declaration',
  verdict: 'no verdict is against it',
};
