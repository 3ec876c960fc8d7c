/** Reads tables of modules and shows code, in a process that may die of them. */
import { Refused } from '@avow/bytes';
import { readTableFile } from '@avow/stores/tables';
import { ModuleContents, type ModuleTables } from '@avow/views/contents';
import { standingProgram } from '../children/program.ts';
import { codeOf, spanOf } from './code.ts';
import { aboutOf, callsOf, exportsOf, functionsOf, importsOf, stringsOf } from './lists.ts';
import type { ReadTask } from './task.ts';

/** Modules that are kept open; a large one's tables take 60 MB. */
const OPEN = 4;
const open = new Map<string, ModuleContents>();

function contentsAt(path: string): ModuleContents {
  const known = open.get(path);
  open.delete(path);
  const contents = known ?? readContents(path);
  open.set(path, contents);
  for (const [oldest] of open) {
    if (open.size <= OPEN) break;
    open.delete(oldest);
  }
  return contents;
}

function readContents(path: string): ModuleContents {
  const file = readTableFile(path);
  if (file === undefined) throw new Refused('module.tables', undefined, 'they are not there');
  return new ModuleContents(file as ModuleTables);
}

standingProgram<ReadTask>(async (task): Promise<unknown> => {
  const contents = contentsAt(task.tables);
  switch (task.what) {
    case 'about':
      return aboutOf(contents);
    case 'functions':
      return functionsOf(contents, task);
    case 'strings':
      return stringsOf(contents, task);
    case 'imports':
      return importsOf(contents, task);
    case 'exports':
      return exportsOf(contents, task);
    case 'calls':
      return callsOf(contents, task);
    case 'span':
      return spanOf(contents, task.place, task.from);
    case 'code':
      return await codeOf(contents, task);
    default:
      return task satisfies never;
  }
});
