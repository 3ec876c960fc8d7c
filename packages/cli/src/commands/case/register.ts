import type { Command } from 'commander';
import type { Context } from '../../program.ts';
import { docketOptions, listOptions } from '../claim/options.ts';

const AS = 'in what role, and who: lead:ana, investigator:ben, vendor:maker …';

export function registerCase(parent: Command, context: Context): void {
  const found = parent
    .command('case')
    .summary('investigations that end')
    .description('Investigates claims: two runs, a verdict, an advisory (docs/docket.md).');
  const load = () => import('./commands.ts');
  listOptions(docketOptions(found.command('list').description('Cases, the newest first.'))).action(
    async (options) => {
      const { listCommand } = await import('../claim/show.ts');
      context.end(await listCommand('case', options));
    },
  );
  docketOptions(
    found.command('show').description('A case and what can be done.').argument('<case>'),
  ).action(async (id, options) => context.end(await (await load()).showCase(id, options)));
  docketOptions(
    found
      .command('take')
      .summary('take a claim into a case, or a case on oneself')
      .description(
        'Takes a claim into a case, attaches it to the one that it repeats,\nor takes a case on oneself.',
      )
      .argument('<subject>', 'claim-12 or case-3')
      .requiredOption('--as <who>', AS),
  ).action(async (id, options) => context.end(await (await load()).takeCommand(id, options)));
  docketOptions(
    found
      .command('run')
      .description('Re-checks the place; two equal runs by two runners conclude.')
      .argument('<case>')
      .argument('[product...]', 'the same product, unless it is kept; of an alarm, both contents')
      .requiredOption('--as <who>', AS)
      .option('--declaration <file>', 'the declaration that was in force')
      .option('--no-cache', 'neither use nor keep readings of modules'),
  ).action(async (id, products, options) => {
    const { runCommand } = await import('./run.ts');
    context.end(await runCommand(id, products, options, context.signal));
  });
  docketOptions(
    found
      .command('state')
      .summary('say something in a case; a step of the embargo')
      .description(
        'Says something in a case: a statement, an answer, an objection,\nevidence, a step of the embargo.',
      )
      .argument('<subject>', 'case-3; with --move also claim-12')
      .requiredOption('--as <who>', AS)
      .option('--text <text>', 'what is said')
      .option('--move <move>', 'notify, contest, embargo.propose … (docs/docket.md)')
      .option('--why <text>', 'why: of a correction, a withdrawal, a claim that is put off')
      .option('--reason <code>', 'with which a claim is ended (docs/claims/)')
      .option('--stance <word>', 'confirms, disputes, declares, agrees')
      .option('--locator <locator>', 'the place that an objection names')
      .option('--end <time>', "the embargo's end: 2026-12-24T18:00+01:00")
      .option('--leaving', 'data is leaving machines now')
      .option('--public', 'it is public already')
      .option('--participant <name>', 'whose consent it is about')
      .option('--evidence <file>', 'a file to keep, as it is'),
  ).action(async (id, options) => context.end(await (await load()).stateCommand(id, options)));
  docketOptions(
    found
      .command('propose')
      .description('Proposes a verdict that the runs bear out.')
      .argument('<case>')
      .requiredOption('--as <who>', AS)
      .requiredOption(
        '--verdict <word>',
        'undeclared, contradicts, declared, absent, unreachable, unknown',
      )
      .requiredOption('--why <text>', 'what it rests on'),
  ).action(async (id, options) => context.end(await (await load()).proposeCommand(id, options)));
  docketOptions(
    found
      .command('approve')
      .description('Approves a verdict that another person proposed.')
      .argument('<case>')
      .requiredOption('--as <who>', AS),
  ).action(async (id, options) => context.end(await (await load()).approveCommand(id, options)));
  publish(found, context);
  docketOptions(
    found
      .command('export')
      .description('Writes a folder that a stranger can read and run again.')
      .argument('<case>')
      .requiredOption('-o, --output <folder>', 'where to')
      .option('--no-product', 'leave the product out'),
  ).action(async (id, options) => {
    const { exportCommand } = await import('./export.ts');
    context.end(await exportCommand(id, options));
  });
  docketOptions(
    found
      .command('verify')
      .summary('whether an exported case is whole')
      .description(
        'Looks whether an exported case is whole: nothing left out, added or altered;\nof a docket, whether its chain is.',
      )
      .argument('[folder]', 'as case export wrote it; none: the docket itself')
      .option('--key <key>', "the log's public key: it holds the head of the docket's chain")
      .option('--head <digest>', 'the head, as one knows it; of a docket also head-42'),
  ).action(async (folder, options) => {
    const { verifyCaseCommand } = await import('./verify.ts');
    context.end(await verifyCaseCommand(folder, options));
  });
  for (const each of found.commands) each.exitOverride();
}

function publish(found: Command, context: Context): void {
  docketOptions(
    found
      .command('publish')
      .description('Publishes a decided case: CSAF, OpenVEX, SARIF, OSV, feeds, and the log.')
      .argument('<case>')
      .requiredOption('--as <who>', AS)
      .requiredOption('-o, --output <folder>', 'the folder of the CSAF provider')
      .requiredOption('--name <name>', 'who publishes')
      .requiredOption('--namespace <url>', 'its namespace')
      .requiredOption('--base <url>', 'where the folder is served')
      .option('--prefix <text>', 'before year and number', 'avow')
      .option(
        '--also <versions...>',
        'other releases or updates with the same;\nelse those that are kept are looked at',
      )
      .option('--fixed-in <version>', 'the first without it')
      .option('--no-cache', 'neither use nor keep readings of modules')
      .option(
        '--declared-at <file:line>',
        "line of the maker's declaration, where code scanning services show what is no script",
      )
      .option('--log <log>', "a log's folder, or its URL")
      .option('--key <key>', "the log's public key; needed with a URL")
      .option('--token <file>', 'a bearer token for the log, in a file of mode 0600')
      .option('--sign <command>', 'prints the detached OpenPGP signature of its standard input')
      .option('--public-key <file>', 'the OpenPGP key, ASCII-armored')
      .option('--fingerprint <hex>', "the key's fingerprint"),
  ).action(async (id, options) => {
    const { publishCaseCommand } = await import('./publish.ts');
    context.end(await publishCaseCommand(id, options, undefined, context.signal));
  });
}
