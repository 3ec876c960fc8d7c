/**
 * The program of a child process: reads modules, and follows the data of
 * products, until its input ends.
 *
 * A module comes with the parsers it may be given to. Readings are the same
 * whichever parser did it; only speed and the risk of dying differ.
 */
import type { CompiledRules } from '@avow/examine/capa';
import {
  isNativeTask,
  type ModuleReading,
  observeModule,
  type ParseScript,
} from '@avow/examine/observe';
import { lendWithOxc, readWithOxc } from '@avow/formats/oxc';
import { readScript } from '@avow/formats/script';
import { rules } from './rules.ts';
import { serve } from './serve.ts';
import type { ChildTask } from './task.ts';
import { unreadFor } from './unread.ts';

const loaded = rules();

/** Rules of someone else: their JSON, and what they are compiled to when a native module comes. */
let outsideJson: string | undefined;
let outside: CompiledRules | undefined;

const NOTHING = { features: [], unknowns: [], imports: [], exports: {}, uses: [], links: [] };

await serve({
  read: async (task) => JSON.stringify(await readTask(task)),
  follow: async (job) => {
    const { serveFlows } = await import('./flows/serve.ts');
    serveFlows(JSON.parse(job));
  },
  takeRules: (json) => {
    outsideJson = json;
  },
});

/** An error of ours is met twice, with either parser, before the module is given up for it. */
async function readTask(task: ChildTask): Promise<ModuleReading> {
  if (task.parser === 'fast' && !isNativeTask(task)) {
    try {
      return await readWith(task, true);
    } catch {
      // The parsers in JavaScript decide.
    }
  }
  try {
    return await readWith(task, false);
  } catch (error) {
    return unreadFor({ code: 'worker.fault', message: `Avow's own code failed: ${error}` });
  }
}

async function readWith(task: ChildTask, isFast: boolean): Promise<ModuleReading> {
  if (isNativeTask(task)) {
    const { observeNative } = await import('@avow/examine/native');
    const { bytes, language } = task;
    const observed = observeNative(bytes, language, loaded);
    if (outsideJson === undefined) return { ...NOTHING, ...observed };
    const { compileCapaRules, observeCapaModule } = await import('@avow/examine/capa');
    outside ??= compileCapaRules(JSON.parse(outsideJson));
    const capa = observeCapaModule(bytes, language, outside);
    return { ...NOTHING, ...observed, native: { ...observed.native, capa } };
  }
  const parse: ParseScript = (text, kind) => {
    return readScript(text, kind, isFast ? (kind.isInner ? readWithOxc : lendWithOxc) : undefined);
  };
  return observeModule(task, parse, loaded);
}
