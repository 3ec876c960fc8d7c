import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, layoutsOf, openDatabase, postgresFacts } from '@avow/stores/database';
import { openObjects } from '@avow/stores/objects';
import type { Config } from '../config/config.ts';
import { addressesOf } from '../copy/addresses.ts';
import { prepare } from '../copy/places.ts';
import { bad, type Found, ok, warn } from './finding.ts';

/** The oldest PostgreSQL that Avow is held to. */
const OLDEST = 15;
/** Connections that one process opens, and one that listens. */
const CONNECTIONS = 11;
/** Beyond it leases of jobs and deadlines are off. */
const CLOCK_MS = 2_000;

export async function database(config: Config): Promise<readonly Found[]> {
  const opened = await openDatabase(addressesOf(config).database);
  try {
    const begun = performance.now();
    const version = await opened.health();
    const ms = Math.ceil(performance.now() - begun);
    const found = ok('database', `${version}, answers in ${ms} ms`);
    return [found, ...(await postgres(opened)), await layout(opened)];
  } finally {
    await opened.close();
  }
}

async function postgres(opened: Database): Promise<readonly Found[]> {
  const before = Date.now();
  const facts = await postgresFacts(opened);
  if (facts === undefined) return [];
  const apart = Math.round(facts.clock - (before + Date.now()) / 2);
  const found: Found[] = [];
  if (facts.major < OLDEST) {
    found.push(bad('postgresql', `version ${facts.major}`, `take ${OLDEST} or a later one`));
  }
  if (facts.encoding !== 'UTF8') {
    found.push(
      bad('postgresql', `its encoding is ${facts.encoding}`, 'make the database with UTF8'),
    );
  }
  if (facts.fsync !== 'on' || facts.synchronousCommit === 'off') {
    const says = `fsync ${facts.fsync}, synchronous_commit ${facts.synchronousCommit}`;
    found.push(bad('postgresql', says, 'set both to on: a crash loses what was acknowledged'));
  }
  found.push(
    facts.maxConnections < 3 * CONNECTIONS
      ? warn(
          'postgresql',
          `${facts.maxConnections} connections`,
          `each process takes ${CONNECTIONS}`,
        )
      : ok(
          'postgresql',
          `${facts.maxConnections} connections, of which a process takes ${CONNECTIONS}`,
        ),
    Math.abs(apart) > CLOCK_MS
      ? bad('clock', `${apart} ms from that of the database`, 'have both kept by NTP')
      : ok('clock', `${apart} ms from that of the database`),
  );
  return found;
}

async function layout(opened: Database): Promise<Found> {
  const [there, wanted] = [await layoutsOf(opened), await layoutsWanted()];
  if (there.size === 0) return warn('layout', 'no tables yet', 'avow migrate, or the first start');
  const newer = [...there].filter(([concern, now]) => now > (wanted.get(concern) ?? now));
  if (newer.length > 0) {
    const names = newer.map(([concern]) => concern).join(', ');
    return bad('layout', `a later version made ${names}`, 'run that version, or restore a backup');
  }
  // The queue on PostgreSQL has tables of its own kind.
  const isAlike = opened.dialect === 'sqlite' ? () => true : (name: string) => name !== 'jobs';
  const behind = [...wanted].filter(([name, now]) => isAlike(name) && (there.get(name) ?? 0) < now);
  if (behind.length === 0) return ok('layout', `that of this version, ${there.size} concerns`);
  const names = behind.map(([concern]) => concern).join(', ');
  return warn('layout', `behind in ${names}`, 'make a backup, then avow migrate, or start');
}

/** What this version makes of an empty database. */
async function layoutsWanted(): Promise<ReadonlyMap<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-doctor-'));
  const empty = await openDatabase(`sqlite:${join(folder, 'rows.sqlite')}`);
  try {
    await prepare(empty);
    return await layoutsOf(empty);
  } finally {
    await empty.close();
    rmSync(folder, { recursive: true });
  }
}

/** Writes, reads, refuses to replace, removes. */
export async function objects(config: Config): Promise<readonly Found[]> {
  const store = await openObjects(addressesOf(config).objects);
  const name = `doctor/${randomUUID()}`;
  try {
    const begun = performance.now();
    await store.put(name, new TextEncoder().encode(name));
    const ms = Math.ceil(performance.now() - begun);
    const isReplaced = await store.put(name, new TextEncoder().encode('another'));
    const read = await store.get(name);
    if (isReplaced || read === undefined || new TextDecoder().decode(read) !== name) {
      const next = 'take a service with conditional writes (If-None-Match)';
      return [bad('objects', 'what was written once could be overwritten', next)];
    }
    return [ok('objects', `a write is there, synced, after ${ms} ms`)];
  } finally {
    await store.remove(name).catch(() => {});
    await store.close();
  }
}
