/**
 * The program of a child process: reads modules until its input ends.
 *
 * A module comes with the parsers it may be given to. Readings are the same
 * whichever parser did it; only speed and the risk of dying differ.
 */
import { observeModule } from '@avow/examine';
import { readScript } from '@avow/formats';
import { readWithOxc } from '@avow/formats/oxc';
import { rules } from './rules.ts';
import { serveTasks } from './serve.ts';

const loaded = rules();

serveTasks((task) => {
  const fast = task.parser === 'fast' ? readWithOxc : undefined;
  const reading = observeModule(task, (text, kind) => readScript(text, kind, fast), loaded);
  return JSON.stringify(reading);
});
