import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { registerDocket } from './commands/claim/register.ts';
import { registerLog } from './commands/log/register.ts';
import { registerOperate } from './commands/operate/register.ts';
import type { ExitStatus } from './exit.ts';
import { version } from './version.ts';

/** What a command is given besides its own arguments. */
export interface Context {
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Told the exit status of a command that came to its end. */
  end(status: ExitStatus): void;
  /** Told by a command that puts down what it has when it is interrupted, and is waited for. */
  endsItself(): void;
}

const PRODUCT =
  'a folder, an archive (tgz, zip, vsix, crx, xpi, asar …), a file, or npm:NAME[@VERSION]';

/** The command line. Each command's code is loaded when it is run, so that help is there at once. */
export function program(context: Context): Command {
  const command = new Command('avow')
    .description('Says what software can do, each feature at its address.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp({ helpWidth: 80, subcommandTerm })
    .exitOverride();
  examine(command, context);
  locate(command, context);
  find(command, context);
  fire(command, context);
  diff(command, context);
  declare(command, context);
  code(command, context);
  cache(command, context);
  serve(command, context);
  registerOperate(command, context);
  registerLog(command, context);
  registerDocket(command, context);
  command.addHelpText('after', '\nBegin with: avow examine npm:NAME, or avow examine FOLDER');
  complete(command, 'avow');
  return command;
}

/** What holds for every command: it throws where it would end the process, and an error names its own help. */
function complete(command: Command, name: string): void {
  command.exitOverride().showHelpAfterError(`(${name} --help lists what there is)`);
  for (const each of command.commands) complete(each, `${name} ${each.name()}`);
}

/** In a list of commands: how it is called, without that it has options, as all have. */
function subcommandTerm(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(' ');
}

function examine(parent: Command, context: Context): void {
  const command = parent
    .command('examine')
    .summary('what it can do, and where')
    .description('Says what a product can do, each feature at its address.')
    .addArgument(new Argument('<products...>', PRODUCT))
    .addOption(formats(['text', 'json', 'sarif', 'html']))
    .option('-o, --output <file>', 'write the result to a file')
    .option('--explain <flow>', 'one flow, by its id: its way through the source')
    .option('-d, --declaration <file>', 'what the maker says that it does, to hold it to')
    .option('--with <databases...>', 'database updates to examine together with it')
    .option('--rules <folder>', "rules in capa's language, tried on machine code too")
    .option('--ca <files...>', 'root certificates of signed databases (ClamAV), PEM')
    .option('--keys <file>', 'public keys of a maker of ClamAV databases, JSON')
    .option('--fail-on <conditions...>', 'undeclared[:RANK], incomplete: what makes it fail')
    .option('--allow <file>', 'accepted findings, each bound to its code (docs/ci.md)')
    .option('--baseline <result>', 'a result of before (json): what it found does not fail')
    .option('-q, --quiet', 'the summary and the answer alone; no progress')
    .option('--all', 'every place, however many')
    .option('--server <url>', 'have this service examine it (token: AVOW_TOKEN)')
    .option('--public', 'with --server: everyone may see what is found')
    .action(async (products: readonly string[], options) => {
      const [product, another] = products;
      if (options.server !== undefined) {
        if (another !== undefined) command.error('error: --server takes one product');
        const { examineThere } = await import('./commands/remote/examine.ts');
        context.end(await examineThere(product!, options));
        return;
      }
      const { startEarly } = await import('@avow/workers/start');
      startEarly();
      if (another === undefined) {
        const { examineCommand } = await import('./commands/examine.ts');
        context.end(await examineCommand(product!, options, context.signal));
      } else {
        const { examineSeveral } = await import('./commands/examine-several.ts');
        context.end(await examineSeveral(products, options, context.signal));
      }
    });
  readingOptions(command);
}

function locate(parent: Command, context: Context): void {
  parent
    .command('locate')
    .summary('the place that a locator names')
    .description(
      'Shows the place that a locator names, with its surroundings. A locator\nhas spaces: put it in quotes.',
    )
    .argument('<locator>', 'as results print it, or as pasted from elsewhere')
    .argument('[product]', `where to look, if not in the registry: ${PRODUCT}`)
    .option('-C, --context <lines>', 'lines before and after', count, 3)
    .option('--server <url>', 'in a release that this service has')
    .option('--ca <files...>', 'root certificates of signed databases (ClamAV), PEM')
    .option('--keys <file>', 'public keys of a maker of ClamAV databases, JSON')
    .action(async (locator, product, options) => {
      if (options.server !== undefined) {
        const { locateThere } = await import('./commands/remote/places.ts');
        context.end(await locateThere(locator, options));
        return;
      }
      const { locateCommand } = await import('./commands/locate.ts');
      context.end(await locateCommand(locator, product, options, context.signal));
    });
}

function find(parent: Command, context: Context): void {
  const command = parent
    .command('find')
    .summary('from a symptom to its causes')
    .description(
      'From a host name, path, text or feature seen in the wild to the places that\nmay cause it, likeliest first.',
    )
    .argument('<symptom>', 'a host name, a path, a text, or a feature such as net.http')
    .argument('[product...]', PRODUCT)
    .addOption(formats(['text', 'json']))
    .option('-o, --output <file>', 'write the result to a file')
    .option('--server <url>', 'in everything that this service has')
    .option('--ca <files...>', 'root certificates of signed databases (ClamAV), PEM')
    .option('--keys <file>', 'public keys of a maker of ClamAV databases, JSON')
    .action(async (symptom, products, options) => {
      if (options.server !== undefined) {
        const { findThere } = await import('./commands/remote/places.ts');
        context.end(await findThere(symptom, options));
        return;
      }
      if (products.length === 0) command.error("error: missing required argument 'product'");
      const { findCommand } = await import('./commands/find.ts');
      context.end(await findCommand(symptom, products, options, context.signal));
    });
  readingOptions(command);
}

function fire(parent: Command, context: Context): void {
  parent
    .command('fire')
    .summary('shows that a record fires on a file')
    .description(
      'Tries a record of a database on a harmless file, in a process of its own, and\nshows where it matches. Status 0: it fires; 1: it does not.',
    )
    .argument('<locator>', 'of a record, as results print it')
    .argument('[product]', `where the record is: ${PRODUCT}`)
    .requiredOption('--on <file>', 'the file to try it on')
    .option('--seconds <seconds>', 'stop it after so long', count, 20)
    .addOption(formats(['text', 'json']))
    .action(async (locator, product, options) => {
      const { fireCommand } = await import('./commands/fire.ts');
      context.end(await fireCommand(locator, product, options, context.signal));
    });
}

function diff(parent: Command, context: Context): void {
  const command = parent
    .command('diff')
    .summary('what a new release adds')
    .description('Says first what the new release can do that the old could not, then the rest.')
    .argument('<old>', PRODUCT)
    .argument('<new>', PRODUCT)
    .addOption(formats(['text', 'json', 'html']))
    .option('-o, --output <file>', 'write the result to a file')
    .option('--with <databases...>', 'database updates beside them: of the old, then of the new')
    .option('--ca <files...>', 'root certificates of signed databases (ClamAV), PEM')
    .option('--keys <file>', 'public keys of a maker of ClamAV databases, JSON')
    .option('-q, --quiet', 'what is new alone; no progress')
    .action(async (before, after, options) => {
      const { diffCommand } = await import('./commands/diff.ts');
      context.end(await diffCommand(before, after, options, context.signal));
    });
  readingOptions(command);
}

function declare(parent: Command, context: Context): void {
  const command = parent
    .command('declare')
    .summary('drafts or checks a declaration')
    .description(
      'Drafts a declaration from what a product can do, for a person to review,\nor checks the one that it has.',
    )
    .addArgument(new Argument('<product>', PRODUCT))
    .option('-o, --output <file>', 'write the draft to a file that is not there yet')
    .option('--check', 'check the declaration, and say what it leaves open')
    .option('-d, --declaration <file>', 'the declaration to check')
    .option('--maker <name>', 'who makes the product')
    .option('-q, --quiet', 'no progress')
    .action(async (product, options) => {
      const { declareCommand } = await import('./commands/declare.ts');
      context.end(await declareCommand(product, options, context.signal));
    });
  readingOptions(command);
}

function code(parent: Command, context: Context): void {
  parent
    .command('code')
    .summary('what the code of a refusal means')
    .description(
      'Shows what a code means, its likely cause and what to do. Without one, lists all.',
    )
    .argument('[code]', 'as a message or a result has it, such as zip.no-end')
    .action(async (name: string | undefined) => {
      const { codeCommand } = await import('./commands/code.ts');
      context.end(await codeCommand(name));
    });
}

function cache(parent: Command, context: Context): void {
  const command = parent
    .command('cache')
    .summary('what is kept from earlier runs')
    .description('Readings of modules are kept from run to run, bounded in size.');
  for (const [name, says] of [
    ['info', 'say where it is and how much it holds'],
    ['clear', 'drop all that it holds'],
  ] as const) {
    command
      .command(name)
      .description(says)
      .action(async () => {
        const { cacheCommand } = await import('./commands/cache.ts');
        context.end(await cacheCommand(name));
      });
  }
}

function serve(parent: Command, context: Context): void {
  parent
    .command('serve')
    .summary('the service: products, claims and cases for many')
    .description('Runs the service; docs/operate.md says how. Ends with an interrupt or SIGTERM.')
    .option('-c, --config <file>', 'its configuration (avow-server.yaml here, if there is one)')
    .option('--data <folder>', 'where it keeps everything')
    .option('--host <address>', 'where it listens (127.0.0.1)')
    .option('--port <port>', 'and at which port (8080); 0: one that is free', portNumber)
    .option('--role <role>', 'all, web, worker or log')
    .option('--demo', 'with real products examined and a case worked, to look around')
    .action(async (options) => {
      context.endsItself();
      const { serveCommand } = await import('./commands/serve.ts');
      context.end(await serveCommand(options, version(), context.signal));
    });
}

/** Options of every command that reads modules: the cache, and the limits of docs/limits.md. */
function readingOptions(command: Command): void {
  command
    .option('--no-cache', 'neither use nor keep readings of modules')
    .option('--no-flows', 'do not follow data: quicker, and flows are then not known')
    .option('--workers <n>', 'child processes that read modules', count)
    .option('--module-bytes <n>', 'limit of one module, in bytes', count)
    .option('--module-seconds <n>', 'limit of one module, in seconds', count)
    .option('--heap-mib <n>', 'limit of one child process, in MiB of heap', count)
    .option('--max-depth <n>', 'limit of containers within containers', count)
    .option('--max-members <n>', 'limit of files in a product', count)
    .option('--member-bytes <n>', 'limit of one file, unpacked, in bytes', count)
    .option('--total-bytes <n>', 'limit of all files, unpacked, in bytes', count);
}

function formats(choices: readonly string[]): Option {
  return new Option('-f, --format <format>', 'form of the result')
    .choices(choices)
    .default(choices[0]);
}

function portNumber(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is wanted, 0 to 65535.');
}

function count(text: string): number {
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number > 0) return number;
  throw new InvalidArgumentError('A whole number above 0 is wanted.');
}
