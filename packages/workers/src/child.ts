/**
 * The program of a child process: reads modules until its input ends.
 *
 * A module comes with the parsers it may be given to. Readings are the same
 * whichever parser did it; only speed and the risk of dying differ.
 */
import { isNativeTask, type ModuleReading, observeModule } from '@avow/examine';
import { observeNative } from '@avow/examine/native';
import { type FastParser, readScript } from '@avow/formats';
import { readWithOxc } from '@avow/formats/oxc';
import { rules } from './rules.ts';
import { serveTasks } from './serve.ts';
import type { ChildTask } from './task.ts';
import { unreadFor } from './unread.ts';

const loaded = rules();

const NOTHING = { features: [], unknowns: [], imports: [], exports: {}, links: [] };

serveTasks((task) => JSON.stringify(readTask(task)));

/** An error of ours is met twice, with either parser, before the module is given up for it. */
function readTask(task: ChildTask): ModuleReading {
  if (task.parser === 'fast' && !isNativeTask(task)) {
    try {
      return readWith(task, readWithOxc);
    } catch {
      // The parsers in JavaScript decide.
    }
  }
  try {
    return readWith(task, undefined);
  } catch (error) {
    return unreadFor({ code: 'worker.fault', message: `Avow's own code failed: ${error}` });
  }
}

function readWith(task: ChildTask, fast: FastParser | undefined): ModuleReading {
  if (isNativeTask(task)) {
    const { bytes, language } = task;
    return { ...NOTHING, ...observeNative(bytes, language, loaded) };
  }
  return observeModule(task, (text, kind) => readScript(text, kind, fast), loaded);
}
