import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../../../formats/src/container/testdata/archives.ts';

const AVOW = join(import.meta.dirname, '..', '..', '..', 'bin', 'avow.js');
const FOLDER = mkdtempSync(join(tmpdir(), 'avow-cli-monitor-'));

after(() => rmSync(FOLDER, { recursive: true }));

function avow(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [AVOW, ...args], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(FOLDER, 'cache') },
    cwd: FOLDER,
  });
  return { status, stdout, stderr };
}

const QUIET = "const fs = require('node:fs');\nmodule.exports = (p) => fs.readFileSync(p);\n";
const LOUD = `${QUIET}require('node:child_process').exec('id');\n`;

function archive(version: string, code: string): string {
  const path = join(FOLDER, `thing-${version}.tgz`);
  const manifest = JSON.stringify({ name: 'thing', version, main: 'index.js' });
  const members = [
    { name: 'package/package.json', data: manifest },
    { name: 'package/index.js', data: code },
  ];
  writeFileSync(path, gzipSync(tarOf(...members)));
  return path;
}

/** A log of 1.0.0, which reads files, and 1.1.0, which runs a command too. */
function logOfTwo(name: string, ...more: readonly string[]): string {
  const log = join(FOLDER, name);
  avow('log', 'init', log, '--origin', `log.example/${name}`);
  for (const path of [archive('1.0.0', QUIET), archive('1.1.0', LOUD)]) {
    const declared = more.includes('--declaration') ? [`${path}.yaml`] : [];
    for (const file of declared) writeFileSync(file, avow('declare', path).stdout);
    const at = ['--log', log, '--maker', 'm', '-o', join(FOLDER, 'proof')];
    const { status, stderr } = avow('publish', path, ...at, ...more, ...declared);
    assert.equal(status, 0, stderr);
  }
  return log;
}

const monitor = (log: string) => avow('log', 'monitor', log, '--state', `${log}.json`);

test('what a release does that the last did not is found in the archives, though nothing declares it', () => {
  const log = logOfTwo('kept', '--keep-artifact');
  const { status, stdout } = monitor(log);
  assert.equal(status, 1, stdout);
  assert.match(stdout, /^! entry 1: it now has exec\.spawn$/m);
  assert.doesNotMatch(stdout, /file\.any/);
});

test('where archives are not kept declarations are compared, and that they alone were is said', () => {
  const log = logOfTwo('declared', '--declaration');
  const { status, stdout } = monitor(log);
  assert.equal(status, 1, stdout);
  assert.match(stdout, /^! entry 1: its declaration has changed to sha256:/m);
  assert.match(stdout, /^! entry 1: it now declares exec\.spawn$/m);
  assert.match(stdout, /only declarations were compared: the archive of release 1 is not kept/);
  assert.doesNotMatch(stdout, /now declares file\.any/);
});

test('a word in a comment of a declaration is no feature of it', () => {
  const log = join(FOLDER, 'comment');
  avow('log', 'init', log, '--origin', 'log.example/comment');
  const path = archive('2.0.0', QUIET);
  const declaration = join(FOLDER, 'comment.yaml');
  const text = avow('declare', path).stdout;
  for (const said of [text, `${text}# never camera, nor exec.spawn\n`]) {
    writeFileSync(declaration, said);
    const at = ['--log', log, '--maker', 'm', '-o', join(FOLDER, 'proof')];
    const { status, stderr } = avow('publish', path, ...at, '--declaration', declaration);
    assert.equal(status, 0, stderr);
  }
  const { stdout } = monitor(log);
  assert.match(stdout, /its declaration has changed/);
  assert.doesNotMatch(stdout, /now declares|entry is new/);
});

test('without archives and declarations it is said that nothing was compared; altered ones are told', () => {
  const bare = logOfTwo('bare');
  const { stdout } = monitor(bare);
  assert.match(stdout, /nothing was compared: the archive of release 1 is not kept/);
  const log = logOfTwo('altered', '--keep-artifact', '--declaration');
  const kept = join(log, 'public', 'artifact');
  for (const name of readdirSync(kept)) {
    const path = join(kept, name);
    writeFileSync(path, `${readFileSync(path, 'latin1')} `);
  }
  const altered = monitor(log);
  assert.equal(altered.status, 1);
  assert.match(altered.stdout, /^! entry 1: what is served as sha256:\w+ is something else$/m);
});
