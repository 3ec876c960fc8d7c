/** Compares two releases or two updates in a process of its own: both may be large. */
import { utf8Bytes } from '@avow/bytes';
import { compared } from '../catalogue/changes.ts';
import { recordChanges } from '../catalogue/record-changes.ts';
import { childProgram } from '../children/program.ts';
import { openKept } from '../serve/kept.ts';
import type { DiffTask } from './job.ts';

childProgram<DiffTask>(async ({ config, of, before, after }, tell) => {
  const kept = await openKept(config);
  try {
    tell(of === 'releases' ? 'comparing what two releases do' : 'comparing records');
    const diff =
      of === 'updates'
        ? await recordChanges(kept.lists, before, after)
        : await compared(
            (await kept.lists.release(before))!,
            (await kept.lists.release(after))!,
            kept.objects,
          );
    tell('keeping what changed');
    return { diff: await kept.objects.keep(utf8Bytes(JSON.stringify(diff))) };
  } finally {
    await kept.close();
  }
});
