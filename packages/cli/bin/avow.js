#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read too: it finds a Node that
// runs the rest. Installed with the development dependency `node`, a checkout
// works on a machine whose own Node is older.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';

const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  if (module.enableCompileCache) module.enableCompileCache();
  const source = new URL('../src/main.ts', import.meta.url);
  const built = new URL('../dist/main.js', import.meta.url);
  import(existsSync(source) ? source.href : built.href).then(({ main }) => main(process.argv));
} else {
  runNewerNode();
}

function runNewerNode() {
  const require = module.createRequire(import.meta.url);
  let node;
  try {
    node = require.resolve(process.platform === 'win32' ? 'node/bin/node.exe' : 'node/bin/node');
  } catch {
    process.stderr.write(
      `avow: needs Node ${NEEDED} or newer; this is ${process.version}.\n` +
        `Next: install Node ${NEEDED}, or run "npm install node@${NEEDED}" beside avow.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const { status, signal, error } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  if (error) throw error;
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status === null ? 70 : status;
}
