/**
 * Puts OASIS's own schema of SARIF 2.1.0 where the tests look for it: from the
 * npm package of Microsoft's validator (MIT), pinned, which nothing of ours
 * depends on. Its 43 MB stay out of `npm ci`.
 *
 * Usage: node tools/schemas/fetch.ts [FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = '@microsoft/sarif-multitool-linux@5.7.0';
const MEMBER = 'package/sarif-2.1.0.json';
const DIGEST = '1c49a0f2b60444c71bb14878e21e0d882198eff4c539861b133093ad89ed798c';

const folder = process.argv[2] ?? join(tmpdir(), 'avow-corpus', 'schemas');
const work = mkdtempSync(join(tmpdir(), 'avow-schemas-'));
try {
  run('npm', 'pack', PACKAGE, '--silent');
  run('tar', '-xzf', 'microsoft-sarif-multitool-linux-5.7.0.tgz', MEMBER);
  const found = createHash('sha256')
    .update(readFileSync(join(work, MEMBER)))
    .digest('hex');
  if (found !== DIGEST) throw new Error(`${MEMBER} of ${PACKAGE} is ${found}, not ${DIGEST}`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(work, MEMBER), join(folder, 'sarif-2.1.0.json'));
  console.log(`${join(folder, 'sarif-2.1.0.json')}: as in ${PACKAGE}`);
} finally {
  rmSync(work, { recursive: true });
}

function run(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: work, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? status}`);
}
