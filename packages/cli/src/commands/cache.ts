import { cacheFolder, ReadingCache } from '@avow/stores/cache';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { shown } from '../render/shown.ts';
import { counted, sized } from '../render/wrap.ts';

export async function cacheCommand(action: 'info' | 'clear'): Promise<ExitStatus> {
  const cache = openOrTell();
  try {
    if (action === 'clear') cache.clear();
    const { path, readings, bytes, maxBytes } = cache.info();
    await outputTo(undefined).write(
      `${shown(path)}\n${counted(readings, 'reading')}, ${sized(bytes)} of at most ${sized(maxBytes)}\n`,
    );
    return EXIT.ok;
  } finally {
    cache.close();
  }
}

function openOrTell(): ReadingCache {
  try {
    return new ReadingCache(cacheFolder(), today());
  } catch (error) {
    throw new UsageError(
      `the cache in ${cacheFolder()} cannot be used: ${error instanceof Error ? error.message : error}`,
      'name another folder in AVOW_CACHE',
    );
  }
}

/** Days since 1970: how recently a reading was used. It orders the cache and touches no result. */
export function today(): number {
  return Math.floor(Date.now() / 86_400_000);
}
