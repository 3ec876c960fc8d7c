/** Looks at one claim in a process of its own, and keeps nothing of it. */
import { answerClaim, intakeOf, printSaid } from '@avow/docket';
import { printLocator } from '@avow/locator';
import { childProgram } from '../children/program.ts';
import { openKept } from '../serve/kept.ts';
import { against } from './against.ts';
import type { CheckTask, ClaimCheck } from './check.ts';

childProgram<CheckTask>(async ({ config, text, account }): Promise<Omit<ClaimCheck, 'fetches'>> => {
  const kept = await openKept(config);
  try {
    const viewer = { sees: 'public', account } as const;
    const { all, nearby } = await against(text, viewer, kept);
    const intake = intakeOf(text, all);
    const answer = answerClaim(intake, all, nearby);
    const isResolved = answer.state === 'resolved';
    return {
      locators: (isResolved ? [answer.locator] : intake.locators).map(printLocator),
      said: intake.said.map(printSaid),
      lacks: isResolved
        ? []
        : answer.lacks.map((one) => ({ ...one, candidates: [...one.candidates] })),
      ...(isResolved ? { outcome: answer.recheck.outcome } : {}),
    };
  } finally {
    await kept.close();
  }
});
