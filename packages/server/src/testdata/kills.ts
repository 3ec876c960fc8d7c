import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../config/read.ts';
import { openStores } from '../serve/stores.ts';
import { assertKept } from './kills-kept.ts';
import { claims, messages, Promised, statements, uploads } from './kills-load.ts';
import { OBJECTS } from './objects.ts';

/** What it came to. */
export interface Killed {
  readonly kills: number;
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
}

const CHILD = join(import.meta.dirname, 'kill-child.ts');
/** A server that is up lives so long at most: most of them shorter than it takes to answer a claim. */
const LONGEST_LIFE = 8_000;
const MAX_START = 60_000;
const MAX_DRAIN = 300_000;

/**
 * Kills (SIGKILL) a server that often, at random moments, while claims, uploads,
 * messages and decisions go in; then holds what is there against everything that
 * was acknowledged. Rejects when something is missing or there twice.
 */
export async function killUnderLoad(kills: number, random: () => number): Promise<Killed> {
  const data = mkdtempSync(join(tmpdir(), 'avow-server-kill-'));
  const promised = new Promised();
  await seed(data);
  let server = await start(data);
  const site = { url: server.url, isEnding: false };
  const load = Promise.all([
    claims(site, promised),
    claims(site, promised),
    messages(site, promised),
    statements(site, promised),
    uploads(site, promised),
  ]);
  try {
    for (let kill = 0; kill < kills; kill++) {
      await pause(random() ** 2 * LONGEST_LIFE);
      await end(server.process);
      leasesEnd(data);
      server = await start(data);
      site.url = server.url;
    }
    site.isEnding = true;
    await load;
    await drained(data);
    const jobs = await assertKept(server.url, data, promised);
    return { kills, acknowledged: promised.counts(), jobs };
  } finally {
    site.isEnding = true;
    await end(server.process);
    rmSync(data, { recursive: true, force: true });
  }
}

/** A case, for what is said in it. */
async function seed(data: string): Promise<void> {
  const stores = await openStores(readConfig({ environment: {}, data, options: {} }), 'http://a');
  await OBJECTS['case']!(stores, false);
  await stores.close();
}

interface Started {
  readonly process: ChildProcess;
  readonly url: string;
}

async function start(data: string): Promise<Started> {
  const child = spawn(process.execPath, [CHILD, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const late = setTimeout(() => child.kill('SIGKILL'), MAX_START);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()));
    child.once('exit', (code) => reject(new Error(`the server did not start: ${code}`)));
  });
  clearTimeout(late);
  return { process: child, url };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** As if the minute had passed after which a worker is taken for dead. */
function leasesEnd(data: string): void {
  withRows(data, (rows) =>
    rows.exec("UPDATE jobs SET lease_until = 0 WHERE state = 'running' AND lease_until > 0"),
  );
}

/** Until no job waits or runs. */
async function drained(data: string): Promise<void> {
  const until = performance.now() + MAX_DRAIN;
  for (;;) {
    const left = withRows(data, (rows) =>
      rows.prepare("SELECT kind, state FROM jobs WHERE state IN ('waiting', 'running')").all(),
    );
    if (left.length === 0) return;
    assert.ok(performance.now() < until, `jobs go on for ever: ${JSON.stringify(left)}`);
    await pause(500);
  }
}

function withRows<T>(data: string, use: (rows: DatabaseSync) => T): T {
  const rows = new DatabaseSync(join(data, 'avow.sqlite'));
  try {
    rows.exec('PRAGMA busy_timeout = 10000');
    return use(rows);
  } finally {
    rows.close();
  }
}
