import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ALIASES, variables } from './environment.ts';
import { type ConfigSources, InvalidConfig, readConfig } from './read.ts';

const NOTHING: ConfigSources = { environment: {}, options: {}, data: '/srv/avow' };

const file = (text: string): ConfigSources => ({
  ...NOTHING,
  file: { name: 'avow-server.yaml', text },
});

test('without anything said: a folder, SQLite, this machine only', () => {
  const config = readConfig(NOTHING);
  assert.equal(config.data, '/srv/avow');
  assert.equal(config.database, undefined);
  assert.equal(`${config.host}:${config.port}`, '127.0.0.1:8080');
  assert.equal(config.limits.upload, 512 * 1024 ** 2);
});

test('the environment goes before the file, the command line before both', () => {
  const sources = {
    ...file('port: 1000\nlimits:\n  upload: 1G\n  read: 7\n'),
    environment: { AVOW_PORT: '2000', AVOW_LIMITS_READ: '8' },
    options: { port: 3000 },
  };
  const config = readConfig(sources);
  assert.equal(config.port, 3000);
  assert.equal(config.limits.read, 8);
  assert.equal(config.limits.upload, 1024 ** 3);
});

const FAULTS: Readonly<Record<string, readonly [ConfigSources, readonly string[]]>> = {
  'a key that is none, with its line': [
    file('port: 80\nlimits:\n  uplaod: 1G\n'),
    ['avow-server.yaml:3:3: limits.uplaod: there is no such key'],
  ],
  'a value of the wrong kind in the environment': [
    { ...NOTHING, environment: { AVOW_PORT: 'eighty' } },
    ['AVOW_PORT: port: '],
  ],
  'everything at once': [
    { ...file('port: -1\nrole: king\n'), environment: { AVOW_LIMITS_UPLOAD: 'much' } },
    [
      'avow-server.yaml:1:1: port: ',
      'avow-server.yaml:2:1: role: ',
      'AVOW_LIMITS_UPLOAD: limits.upload: ',
    ],
  ],
  'a file that is no YAML': [file('port: [80\n'), ['avow-server.yaml:']],
  'a key twice': [file('port: 80\nport: 81\n'), ['avow-server.yaml:2:1: (the file): ']],
  'a relative folder': [{ ...NOTHING, options: { data: 'here' } }, ['--data: data: an absolute']],
};

for (const [name, [sources, wanted]] of Object.entries(FAULTS)) {
  test(`refused with its place: ${name}`, () => {
    assert.throws(
      () => readConfig(sources),
      (error: unknown) => {
        assert.ok(error instanceof InvalidConfig);
        for (const text of wanted) assert.ok(error.found.includes(text), error.found);
        return true;
      },
    );
  });
}

test('every key but lists has a variable of its own', () => {
  const names = [...variables().keys()];
  for (const name of ['AVOW_DATABASE', 'AVOW_OBJECTS', 'AVOW_LIMITS_UPLOADS_AT_ONCE']) {
    assert.ok(names.includes(name), names.join(' '));
  }
  assert.ok(!names.includes('AVOW_TOKENS'));
});

test('docs/operate.md has every key, and no variable that is none', () => {
  const page = readFileSync(new URL('../../../../docs/operate.md', import.meta.url), 'utf8');
  const told = new Set([...page.matchAll(/`(AVOW_[A-Z_]+)`/g)].map((match) => match[1]!));
  const known = new Set([...variables().keys(), ...Object.keys(ALIASES)]);
  assert.deepEqual(
    [...told].filter((name) => !known.has(name)),
    [],
  );
  assert.deepEqual(
    [...known].filter((name) => !told.has(name)),
    [],
  );
});
