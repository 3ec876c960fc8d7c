/** Runs a re-check anew in a process of its own: examines the artifact, looks at the place, gives the receipt. */
import { recheckAgain } from '@avow/docket';
import { childProgram } from '../children/program.ts';
import { examineInto } from '../examinations/examine.ts';
import type { ExaminationTask } from '../examinations/task.ts';
import { storedIn } from './stored.ts';

export interface RunTask extends ExaminationTask {
  readonly locator: string;
  readonly said: string;
}

childProgram<RunTask>(async (task, tell) => {
  await examineInto(task, tell);
  return recheckAgain(task.locator, task.said, [await storedIn(task.out)]);
});
