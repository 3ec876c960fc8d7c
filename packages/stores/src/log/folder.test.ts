import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logStoreContract } from '../contract/log-store.ts';
import { openLogFolder } from './folder.ts';

logStoreContract('local folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-log-'));
  return {
    open: () => openLogFolder(folder),
    remove: () => rm(folder, { recursive: true }),
  };
});
