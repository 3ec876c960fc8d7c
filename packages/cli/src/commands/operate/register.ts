import { type Command, Option } from 'commander';
import type { Context } from '../../program.ts';

/** The commands of whoever runs a service; the code of each is loaded when it runs. */
export function registerOperate(parent: Command, context: Context): void {
  service(parent, 'migrate', 'the database as this version has it')
    .description(
      "Brings the service's database to the layout of this version. Starting does so too.",
    )
    .action(async (options) => {
      const { migrateCommand } = await import('./migrate.ts');
      context.end(await migrateCommand(options));
    });
  service(parent, 'backup', 'everything that the service keeps, copied')
    .description(
      'Writes a backup while the service runs: rows of one moment, every object they\nname, and the secret. Into the folder of an earlier one only what is new.',
    )
    .argument('<to>', 'a folder, or a file that ends in .tar')
    .action(async (to, options) => {
      const { backupCommand } = await import('./backup.ts');
      context.end(await backupCommand(to, options));
    });
  service(parent, 'restore', 'a backup, into an empty place')
    .description(
      "Restores a backup into the configured places, which must be empty, and holds\nthem against what it says of itself. The engine may be another than the backup's.",
    )
    .argument('<from>', 'a folder or file that avow backup wrote')
    .action(async (from, options) => {
      const { restoreCommand } = await import('./backup.ts');
      context.end(await restoreCommand(from, options));
    });
  service(parent, 'move', 'from one machine to many')
    .description(
      'Moves the rows, the objects or both of a stopped service to another, empty\nplace, reads them back and compares. The old place stays as it is.',
    )
    .option('--to <database>', 'postgres://…, or sqlite:/path')
    .option('--objects <store>', 's3://…, or file:/path')
    .action(async (options) => {
      const { moveCommand } = await import('./move.ts');
      context.end(await moveCommand(options));
    });
  service(parent, 'doctor', 'what is wrong with a service')
    .description(
      'Looks at the configuration and all that a service needs, and says what to do.\nStatus 0: nothing is bad; 1: something is.',
    )
    .addOption(
      new Option('-f, --format <format>', 'form of the result')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (options) => {
      const { doctorCommand } = await import('./doctor.ts');
      context.end(await doctorCommand(options));
    });
}

function service(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .option('-c, --config <file>', 'its configuration (avow-server.yaml here, if there is one)')
    .option('--data <folder>', 'where it keeps everything');
}
