import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { configOf, countsOf, type ServiceOptions, shownAddress } from './options.ts';

export interface MoveOptions extends ServiceOptions {
  readonly to?: string;
  readonly objects?: string;
}

/** Moves a stopped service's rows and objects to another, empty database and store. */
export async function moveCommand({ to, objects, ...service }: MoveOptions): Promise<ExitStatus> {
  if (to === undefined && objects === undefined) {
    throw new UsageError('it is not said where to', 'give --to DATABASE, --objects STORE, or both');
  }
  const { moveKept, openPlaces, openTarget, secretPath } = await import('@avow/server');
  const config = await configOf(service);
  const target = await openTarget({ database: to, objects });
  try {
    const places = await openPlaces(config);
    try {
      process.stdout.write(countsOf(await moveKept(places, target)));
    } finally {
      await places.close();
    }
  } finally {
    await target.close();
  }
  const lines = [
    'Moved, read back and compared. The old place is as it was. From now on start it with',
  ];
  if (to !== undefined) lines.push(`  AVOW_DATABASE_URL=${shownAddress(to)}`);
  if (objects !== undefined) lines.push(`  AVOW_OBJECTS=${shownAddress(objects)}`);
  lines.push(`and give every server a copy of ${secretPath(config)} (AVOW_SECRET_FILE).`);
  process.stderr.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}
