import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where this user's caches are kept: `AVOW_CACHE`, else the platform's place
 * (XDG Base Directory 0.8 on Linux and the like, `Library/Caches` on macOS,
 * `LOCALAPPDATA` on Windows), in a folder of our own.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const own = environment['AVOW_CACHE'];
  if (own) return own;
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Caches', 'avow');
    case 'win32':
      return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'avow', 'Cache');
    default: {
      const base = environment['XDG_CACHE_HOME'];
      // XDG: a relative path is invalid and to be ignored.
      return join(base?.startsWith('/') ? base : join(home, '.cache'), 'avow');
    }
  }
}
