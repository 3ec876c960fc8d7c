/**
 * Answers one claim in a process of its own: code and records that it names are
 * parsed here, and may be made to take long or much.
 */
import { Docket } from '@avow/docket';
import { childProgram } from '../children/program.ts';
import { openKept } from '../serve/kept.ts';
import { against } from './against.ts';
import type { AnswerTask } from './job.ts';

childProgram<AnswerTask>(async ({ config, claim, text, account, ask }) => {
  const kept = await openKept(config);
  try {
    const docket = new Docket(kept.docket.store, kept.docket.kept, Date.now);
    const viewer = { sees: 'public', account } as const;
    const { all, nearby } = await against(text, viewer, kept);
    const { state } = await docket.handIn(claim, text, all, nearby, ask);
    return { state };
  } finally {
    await kept.close();
  }
});
