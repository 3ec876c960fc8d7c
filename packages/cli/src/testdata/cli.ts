import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const AVOW = fileURLToPath(new URL('../../bin/avow.js', import.meta.url));

/** A folder of its own in which the command is run. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'avow-cli-'));

  made(path: string, content: string | Uint8Array): string {
    const whole = join(this.folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
    return whole;
  }

  avow(...args: readonly string[]) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [AVOW, ...args], {
      encoding: 'utf8',
      env: { ...process.env, AVOW_CACHE: join(this.folder, 'cache'), NO_COLOR: '1' },
      cwd: this.folder,
      maxBuffer: 256 * 1024 * 1024,
    });
    return { stdout, stderr, status };
  }

  clear(): void {
    rmSync(this.folder, { recursive: true });
  }
}
