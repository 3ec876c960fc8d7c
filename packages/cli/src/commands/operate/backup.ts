import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '@avow/server';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { configOf, countsOf, type ServiceOptions } from './options.ts';

/** A backup as one file is told by its name. */
const ARCHIVE = /\.tar$/;

/** Writes a backup into a folder, or as one file that ends in `.tar`. The service may run meanwhile. */
export async function backupCommand(to: string, options: ServiceOptions): Promise<ExitStatus> {
  const { backupTo, besides, openPlaces, pack } = await import('@avow/server');
  const config = await configOf(options);
  const target = resolve(to);
  const isArchive = ARCHIVE.test(target);
  if (isArchive && existsSync(target)) {
    throw new UsageError(`${to} is there already`, 'name another file: a backup replaces none');
  }
  const files = await filesOf(config);
  const places = await openPlaces(config);
  try {
    const into = (folder: string) => backupTo(places, files, folder, new Date());
    const copied = isArchive
      ? await besides(target, async (folder) => {
          const made = await into(folder);
          await pack(folder, target);
          return made;
        })
      : await into(target);
    process.stdout.write(countsOf(copied));
  } finally {
    await places.close();
  }
  process.stderr.write(`The backup is ${to}. It has the secret of the service: keep it as one.\n`);
  if (config.log !== undefined) {
    process.stderr.write(
      `The log in ${config.log} is not in it: docs/operate.md says how to keep that.\n`,
    );
  }
  return EXIT.ok;
}

/** Restores a backup into the service's places, which must be empty. */
export async function restoreCommand(from: string, options: ServiceOptions): Promise<ExitStatus> {
  const { besides, openPlaces, restoreFrom, unpack } = await import('@avow/server');
  const source = resolve(from);
  if (!existsSync(source)) throw new UsageError(`${from} is not there`, 'name a backup');
  const config = await configOf(options);
  const files = await filesOf(config);
  const places = await openPlaces(config);
  try {
    const out = (folder: string) => restoreFrom(folder, places, files);
    const copied = statSync(source).isDirectory()
      ? await out(source)
      : await besides(join(config.data, 'restored'), async (folder) => {
          await unpack(source, folder);
          return out(folder);
        });
    process.stdout.write(countsOf(copied));
  } finally {
    await places.close();
  }
  process.stderr.write('Restored, and held against what the backup says of itself.\n');
  return EXIT.ok;
}

async function filesOf(config: Config) {
  const { secretPath } = await import('@avow/server');
  return { secret: secretPath(config), uploads: join(config.data, 'uploads') };
}
