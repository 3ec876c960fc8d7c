/** Makes the tables of one module, in a process that may die of it. */
import { readFile } from 'node:fs/promises';
import { writeTableFile } from '@avow/stores/tables';
import { moduleTables } from '@avow/views/contents';
import { childProgram } from '../children/program.ts';
import type { BuildTask } from './task.ts';

childProgram<BuildTask>(async ({ source, path, slice }): Promise<void> => {
  writeTableFile(path, moduleTables(new Uint8Array(await readFile(source)), slice));
});
