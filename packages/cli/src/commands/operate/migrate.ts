import { EXIT, type ExitStatus } from '../../exit.ts';
import { configOf, type ServiceOptions, shownAddress } from './options.ts';

/** Brings a service's database to the layout of this version. */
export async function migrateCommand(options: ServiceOptions): Promise<ExitStatus> {
  const { addressesOf, migrateAll, openPlaces } = await import('@avow/server');
  const config = await configOf(options);
  const places = await openPlaces(config);
  try {
    const migrated = await migrateAll(places.database);
    const changed = migrated.filter(({ before, now }) => before !== now);
    for (const { concern, before, now } of changed) {
      process.stdout.write(`${concern}: ${before ?? 'nothing'} → ${now}\n`);
    }
    const at = shownAddress(addressesOf(config).database);
    const says =
      changed.length === 0 ? 'is as this version has it' : 'is now as this version has it';
    process.stderr.write(`${at} ${says}.\n`);
    return EXIT.ok;
  } finally {
    await places.close();
  }
}
