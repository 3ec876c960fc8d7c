/**
 * Examines one product in a process of its own, that may die: hostile bytes are
 * parsed here, and here is no database and no key. The parent ends it with
 * all its children when it takes too long or too much.
 */
import { why } from '@avow/bytes';
import { examineInto } from './examine.ts';
import type { ExaminationNews, ExaminationTask } from './task.ts';

process.once('disconnect', () => process.exit());
process.once('message', async (task: ExaminationTask) => {
  let news: ExaminationNews;
  try {
    await examineInto(task, (says) => process.send?.({ says } satisfies ExaminationNews));
    news = { done: true };
  } catch (error) {
    const isRefusal = error instanceof Error && error.name === 'Refused';
    // What is no refusal is a fault of ours, and goes out with its stack.
    if (!isRefusal) throw error;
    news = { refused: why(error) };
  }
  process.send?.(news, () => process.disconnect());
});
