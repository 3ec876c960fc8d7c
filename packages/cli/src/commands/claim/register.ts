import type { Command } from 'commander';
import type { Context } from '../../program.ts';
import { registerCase } from '../case/register.ts';
import { docketOptions, listOptions } from './options.ts';

/** The commands of the docket; the code of each is loaded when it runs. */
export function registerDocket(parent: Command, context: Context): void {
  const claim = parent
    .command('claim')
    .summary('claims that count')
    .description(
      'Says that a product does something at a place; only technical information counts.',
    );
  docketOptions(
    claim
      .command('new')
      .summary('make a claim, or complete one')
      .description(
        'Reads what you paste, looks the place up in the products given or kept,\nshows it back, and re-checks it once it is confirmed.',
      )
      .argument(
        '[product...]',
        'where the place is: a folder, an archive, npm:NAME@VERSION;\nnone: a release that is kept already',
      )
      .option('--by <name>', 'a name or pseudonym', 'anonymous')
      .option('--text <text>', 'the claim (\\n is a line end); else a file, or asked for')
      .option('--file <file>', 'the claim: text, CSAF or SARIF; - for standard input')
      .option('--complete <claim>', 'go on with this one: a draft, or turned back')
      .option('-y, --yes', 'the place is the one that was shown back')
      .option('--draft', 'keep it, and hand it in later')
      .option('--no-keep', 'do not keep the products that are given')
      .option('--declaration <file>', 'what the maker says, in force now')
      .option('--no-cache', 'neither use nor keep readings of modules')
      .option('--server <url>', 'make it at this service (token: AVOW_TOKEN; else anonymously)'),
  ).action(async (products, options) => {
    if (options.server !== undefined) {
      const { claimThere } = await import('../remote/claim.ts');
      context.end(await claimThere(options));
      return;
    }
    const { newCommand } = await import('./new.ts');
    context.end(await newCommand(products, options, context.signal));
  });
  docketOptions(
    claim
      .command('show')
      .description('A claim, its state and its text.')
      .argument('<claim>', 'with --server, -: the receipt code is read from standard input')
      .option('--server <url>', 'at this service'),
  ).action(async (id, options) => {
    if (options.server !== undefined) {
      const { showThere } = await import('../remote/claim.ts');
      context.end(await showThere(id, options));
      return;
    }
    const { showCommand } = await import('./show.ts');
    context.end(await showCommand(id, options));
  });
  claim
    .command('verify')
    .description('Makes a re-check again, offline, and says whether everything is equal.')
    .argument('<receipt>', 'a file, as claim show --json or case export gives it')
    .argument('<product...>', 'the same product; for an alarm, both contents')
    .option('--declaration <file>', 'the declaration that was in force')
    .option('--no-cache', 'neither use nor keep readings of modules')
    .option('--json', 'for programs')
    .action(async (receipt, products, options) => {
      const { verifyCommand } = await import('./show.ts');
      context.end(await verifyCommand(receipt, products, options, context.signal));
    });
  listOptions(docketOptions(claim.command('list').description('Claims, the newest first.'))).action(
    async (options) => {
      const { listCommand } = await import('./show.ts');
      context.end(await listCommand('claim', options));
    },
  );
  docketOptions(
    claim
      .command('withdraw')
      .description('Takes your claim back, before its verdict is published.')
      .argument('<claim>')
      .requiredOption('--by <name>', 'as it was made'),
  ).action(async (id, options) => {
    const { withdrawCommand } = await import('./show.ts');
    context.end(await withdrawCommand(id, options));
  });
  for (const each of claim.commands) each.exitOverride();
  registerCase(parent, context);
}
