import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PUBLIC_FOLDER } from '@avow/stores';
import type { PublicLog } from './routes.ts';

/** The public files of a log's folder. Paths come checked: nothing but tiles, artifacts and the checkpoint. */
export function publicLogFolder(folder: string): PublicLog {
  return {
    read: async (path) => {
      try {
        return await readFile(join(folder, PUBLIC_FOLDER, path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
