import { why } from '@avow/bytes';
import type { News } from './run.ts';

/**
 * The body of a child: does the task that it is sent, tells what it says and
 * how it ended, and goes. It goes with its parent too.
 */
export function childProgram<Task>(
  work: (task: Task, tell: (says: string) => void) => Promise<unknown>,
): void {
  process.once('disconnect', () => process.exit());
  process.once('message', async (task: Task) => {
    const tell = (news: News) => process.send?.(news);
    const end = (news: News) =>
      process.send?.(news, undefined, undefined, () => process.disconnect());
    try {
      end({ done: (await work(task, (says) => tell({ says }))) ?? null });
    } catch (error) {
      // What is no refusal is a fault of ours, and goes out with its stack.
      if (!(error instanceof Error && error.name === 'Refused')) throw error;
      const { code, message } = why(error);
      end({ refused: { code, message } });
    }
  });
}

/** The body of a child that stays: answers one task after another. */
export function standingProgram<Task>(work: (task: Task) => Promise<unknown>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', async (task: Task) => {
    try {
      process.send?.({ done: (await work(task)) ?? null });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'Refused')) throw error;
      const { code, message } = why(error);
      process.send?.({ refused: { code, message } });
    }
  });
}
