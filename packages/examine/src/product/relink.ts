import type { Member, UnreadMember } from '@avow/formats';
import type { ModuleTask, ReadingTask } from '../observe/reading.ts';
import { classify } from './classify.ts';
import type { ProductModule } from './module.ts';

type Named = Pick<ProductModule, 'path' | 'digest'>;

/** Names a script among members, of which two may have one path. */
export function scriptKey({ path, digest }: Named): string {
  return `${digest} ${path}`;
}

/** A script that is read once more. */
interface LinkTask {
  readonly key: string;
  readonly path: string;
  readonly task: ReadingTask;
}

/** Tasks that ask for the links of scripts, each with its key: from what was kept, else from the product once more. */
export async function* linkTasks(
  scripts: readonly Named[],
  kept: ReadonlyMap<string, ModuleTask>,
  members: () => AsyncIterable<Member | UnreadMember>,
): AsyncGenerator<LinkTask> {
  const wanted = new Set(scripts.map(scriptKey));
  for (const { path } of scripts) {
    const task = kept.get(path);
    if (task === undefined) continue;
    const key = scriptKey({ path, digest: task.digest });
    if (wanted.delete(key)) yield { key, path, task: { ...task, withLinks: true } };
  }
  if (wanted.size === 0) return;
  for await (const member of members()) {
    if ('why' in member || !wanted.delete(scriptKey(member))) continue;
    const { path, bytes, digest } = member;
    const found = classify(path, bytes);
    if (found.kind !== 'script') continue;
    const { language, goal } = found;
    const task = { digest, bytes, language, goal, withLinks: true };
    yield { key: scriptKey(member), path, task };
    if (wanted.size === 0) return;
  }
}
