/** Makes a receipt's re-check anew in a process of its own, from the artifact on. */
import { receiptDifferences, recheckAgain } from '@avow/docket';
import { storedIn } from '../cases/stored.ts';
import { childProgram } from '../children/program.ts';
import { examineInto } from '../examinations/examine.ts';
import type { RecheckTask } from './job.ts';

/** Of what differs, so much is told. */
const MAX_TOLD = 20;

childProgram<RecheckTask>(async ({ receipt, ...task }, tell) => {
  await examineInto(task, tell);
  tell('looking at the place');
  const again = recheckAgain(receipt.locator, receipt.said, [await storedIn(task.out)]);
  const differences = receiptDifferences(receipt, again).slice(0, MAX_TOLD);
  return { outcome: again.recheck.outcome, differences };
});
