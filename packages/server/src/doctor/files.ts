import { existsSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { addressesOf } from '../copy/addresses.ts';
import { secretPath } from '../serve/secret.ts';
import { bad, type Found, ok, warn } from './finding.ts';

/** Less, and the next large upload or a backup fills it. */
const LITTLE = 2 * 1024 ** 3;
/** Less, and writing ends soon: SQLite and PostgreSQL need room to go on at all. */
const TOO_LITTLE = 256 * 1024 ** 2;

export async function dataFolder({ data }: Config): Promise<readonly Found[]> {
  if (!existsSync(data)) {
    return [
      warn('data folder', `${data} is not there`, 'the first start makes it; or correct "data"'),
    ];
  }
  const probe = join(data, `.doctor-${process.pid}`);
  writeFileSync(probe, 'a', { flush: true });
  rmSync(probe);
  return [exposedOr('data folder', data, 0o700, `${data}, writable`)];
}

export async function diskSpace(config: Config): Promise<readonly Found[]> {
  const folders = [config.data, addressesOf(config).objects.replace(/^file:(?:\/\/)?/, '')];
  const there = [...new Set(folders)].filter((path) => path.startsWith('/') && existsSync(path));
  const seen = new Set<number>();
  return there.flatMap((path) => {
    const { dev } = statSync(path);
    if (seen.has(dev)) return [];
    seen.add(dev);
    const { bavail, bsize, ffree, files } = statfsSync(path);
    const free = bavail * bsize;
    const found = `${shownBytes(free)} are free at ${path}`;
    if (files > 0 && ffree < 10_000) {
      return [
        bad('disk space', `${ffree} files can still be made at ${path}`, 'make room for more'),
      ];
    }
    if (free < TOO_LITTLE) return [bad('disk space', found, 'make room: writing ends soon')];
    if (free < LITTLE) return [warn('disk space', found, 'make room for uploads and backups')];
    return [ok('disk space', found)];
  });
}

export async function secret(config: Config): Promise<readonly Found[]> {
  const path = secretPath(config);
  if (!existsSync(path)) {
    const isMany = config.database?.startsWith('postgres') === true;
    const next = isMany
      ? 'give every server a copy of one file (AVOW_SECRET_FILE): each makes another otherwise'
      : 'the first start makes it';
    return [(isMany ? bad : warn)('secret', `${path} is not there`, next)];
  }
  if (readFileSync(path).length < 32) {
    return [bad('secret', `${path} has less than 32 bytes`, 'restore it from a backup')];
  }
  return [exposedOr('secret', path, 0o600, path)];
}

export async function logFolder({ log, role }: Config): Promise<readonly Found[]> {
  if (log === undefined) {
    return role === 'log' ? [bad('log', 'no folder is told', 'set "log" (AVOW_LOG)')] : [];
  }
  const checkpoint = join(log, 'public', 'checkpoint');
  if (!existsSync(checkpoint)) {
    return [bad('log', `${checkpoint} is not there`, 'avow log init, or correct "log"')];
  }
  const [origin, size] = readFileSync(checkpoint, 'utf8').split('\n');
  const found = [ok('log', `${origin}, ${size} entries`)];
  const key = join(log, 'log.key');
  if (existsSync(key)) found.push(exposedOr('log key', key, 0o600, key));
  return found;
}

function exposedOr(what: string, path: string, wanted: number, found: string): Found {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return ok(what, found);
  const octal = `0${mode.toString(8)}`;
  return bad(
    what,
    `${path} has mode ${octal}: others get at it`,
    `chmod ${wanted.toString(8)} ${path}`,
  );
}

export function shownBytes(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}
