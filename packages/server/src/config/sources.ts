import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConfigSources } from './read.ts';

/** The file's usual name: in the folder where the server is started. */
const FILE = 'avow-server.yaml';

/**
 * Where the configuration comes from: `file`, else `avow-server.yaml` where we
 * are, if there is one; the environment; and what the command line said.
 */
export function configSources(
  file: string | undefined,
  options: ConfigSources['options'],
  environment: ConfigSources['environment'] = process.env,
): ConfigSources {
  const text = textOf(file ?? FILE, file !== undefined);
  const home = environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return {
    ...(text === undefined ? {} : { file: { name: file ?? FILE, text } }),
    environment,
    options: {
      ...options,
      ...(typeof options['data'] === 'string' ? { data: resolve(options['data']) } : {}),
    },
    data: join(home, 'avow'),
  };
}

function textOf(path: string, isWanted: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!isWanted && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
