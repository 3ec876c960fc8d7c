import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { findPostgres, TestPostgres } from '@avow/stores/contract';
import { pino } from 'pino';
import { readConfig } from '../config/read.ts';
import { serveLog } from './log.ts';
import { type Running, serve } from './serve.ts';

const OPTIONS = { port: 0, 'limits.proofOfWork': 0 };
const SILENT = pino({ level: 'silent' });
const CLAIM = { text: 'it spies' };

/** One service as two: what answers, and what works. */
function split(place: () => Promise<Readonly<Record<string, string>>>): void {
  const data = mkdtempSync(join(tmpdir(), 'avow-roles-'));
  const start = async (role: string): Promise<Running> => {
    const options = { ...OPTIONS, ...(await where), role };
    const config = readConfig({ environment: {}, data, options });
    return serve({ config, log: SILENT, version: '0.0.0' });
  };
  let where: Promise<Readonly<Record<string, string>>>;
  after(() => rmSync(data, { recursive: true, force: true }));

  test('web takes claims and answers none; a worker beside it answers them, and nobody else', async () => {
    where = place();
    const web = await start('web');
    try {
      const post = (body: object) =>
        fetch(`${web.url}/api/v1/claims`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      await web.stores.jobs.enqueue([{ kind: 'answer', key: 'probe', data: { claim: 'claim-9' } }]);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const [waiting] = await web.stores.jobs.counts();
      assert.deepEqual(waiting, { kind: 'answer', state: 'waiting', count: 1 }, 'web took a job');
      const worker = await start('worker');
      try {
        for (const path of ['/api/v1/products', '/feeds/advisories.atom', '/codes/zip.bomb', '/']) {
          assert.equal((await fetch(`${worker.url}${path}`)).status, 404, path);
        }
        assert.equal(await (await fetch(`${worker.url}/healthz`)).text(), 'ok\n');
        assert.equal((await fetch(`${worker.url}/readyz`)).status, 200);
        const metrics = await (await fetch(`${worker.url}/metrics`)).text();
        assert.match(metrics, /^avow_info\{version="0\.0\.0",role="worker"\} 1$/m);
        assert.match(metrics, /^avow_jobs\{/m);
        const made = await (await post(CLAIM)).json();
        assert.equal((made as { claim: { state: string } }).claim.state, 'returned');
      } finally {
        await worker.stop();
      }
    } finally {
      await web.stop();
    }
  });
}

describe('roles on SQLite', () => split(async () => ({})));

const found = findPostgres();
describe('roles on PostgreSQL', { skip: 'reason' in found ? found.reason : false }, () => {
  let postgres: TestPostgres;
  after(() => postgres?.stop());
  split(async () => {
    if ('folder' in found) postgres = await TestPostgres.start(found.folder);
    return { database: await postgres.newDatabase() };
  });
});

test('a log alone is served with its health, opens no database, and says so when it is not there', async () => {
  const data = mkdtempSync(join(tmpdir(), 'avow-roles-'));
  const log = join(data, 'log');
  mkdirSync(join(log, 'public'), { recursive: true });
  const options = { port: 0, role: 'log', log, database: 'postgres://nobody@127.0.0.1:9/none' };
  const config = readConfig({ environment: {}, data, options });
  const serving = await serveLog({ config, log: SILENT, version: '0.0.0' });
  try {
    assert.equal((await fetch(`${serving.url}/readyz`)).status, 503);
    writeFileSync(join(log, 'public', 'checkpoint'), 'log.example.org\n7\nAAAA\n');
    assert.equal((await fetch(`${serving.url}/readyz`)).status, 200);
    assert.match(await (await fetch(`${serving.url}/log/checkpoint`)).text(), /^log\.example\.org/);
    assert.match(await (await fetch(`${serving.url}/metrics`)).text(), /^avow_log_entries 7$/m);
    for (const path of ['/api/v1/products', '/log/../log.key', '/log/log.key', '/']) {
      assert.equal((await fetch(`${serving.url}${path}`)).status, 404, path);
    }
  } finally {
    await serving.stop();
    rmSync(data, { recursive: true });
  }
  const nothing = readConfig({ environment: {}, data: '/nowhere', options: { role: 'log' } });
  await assert.rejects(serveLog({ config: nothing, log: SILENT, version: '0' }), {
    code: 'config.invalid',
  });
});
