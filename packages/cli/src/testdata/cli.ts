import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
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

  /** As `avow`, while this process goes on to serve it something. */
  async ran(...args: readonly string[]) {
    const child = spawn(process.execPath, [AVOW, ...args], {
      env: { ...process.env, AVOW_CACHE: join(this.folder, 'cache'), NO_COLOR: '1' },
      cwd: this.folder,
    });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { stdout, stderr, status };
  }

  clear(): void {
    rmSync(this.folder, { recursive: true });
  }
}
