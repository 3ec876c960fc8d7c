import { type Command, Option } from 'commander';
import type { Context } from '../../program.ts';

const LOG = "a log's folder, or its URL";

/** The commands of the log; the code of each is loaded when it runs. */
export function registerLog(parent: Command, context: Context): void {
  const log = parent
    .command('log')
    .summary('the log of releases and updates')
    .description('Keeps, proves and checks an append-only log (C2SP tlog-tiles).');
  log
    .command('init')
    .summary('begin a log')
    .description('Makes a log in a folder, with a new key, and prints its public key.')
    .argument('<folder>', 'where the log will be')
    .requiredOption('--origin <name>', 'its name: its address without https://')
    .option('--policy <file>', 'which witnesses must cosign (C2SP tlog-policy)')
    .option('--ml-dsa', 'sign with ML-DSA-44 too')
    .action(async (folder, options) => {
      const { initCommand } = await import('./init.ts');
      context.end(await initCommand(folder, options));
    });
  log
    .command('serve')
    .summary('serve and append')
    .description('Serves a log over HTTP: tiles, checkpoint, POST /add, /latest/PRODUCT/CHANNEL.')
    .argument('<folder>', "the log's folder")
    .option('-l, --listen <address>', 'port, or host:port', '127.0.0.1:8470')
    .option('--token <file>', 'who may append: a file, mode 0600, with a bearer token')
    .option('--any-entry', 'take any bytes as entries, not only those of Avow')
    .action(async (folder, options) => {
      const { serveCommand } = await import('./serve.ts');
      context.end(await serveCommand(folder, options, context.signal));
    });
  log
    .command('prove')
    .summary('a proof file of an entry')
    .description('Writes a .tlog-proof that anyone can verify offline.')
    .argument('<log>', LOG)
    .argument('<number>', 'the number of the entry')
    .option('--key <key>', "the log's public key; needed with a URL")
    .option('--mirror <key>', 'read it from a mirror with this public key')
    .option('--record <id>', 'of an update: the proof of one record under it, as JSON')
    .option('-o, --output <file>', 'write the proof to a file')
    .action(async (name, number, options) => {
      const { proveCommand } = await import('./prove.ts');
      context.end(await proveCommand(name, number, options));
    });
  log
    .command('fsck')
    .summary('derive everything again')
    .description('Derives every tile and the root again from the entries, and compares.')
    .argument('<log>', LOG)
    .option('--key <key>', "the log's public key; needed with a URL")
    .option('--mirror <key>', 'read it from a mirror with this public key')
    .action(async (name, options) => {
      const { fsckCommand } = await import('./fsck.ts');
      context.end(await fsckCommand(name, options));
    });
  log
    .command('policy')
    .summary('a policy for those who check')
    .description('Prints what avow check --policy takes: the log, its witnesses, one product.')
    .argument('<folder>', "the log's folder")
    .requiredOption('--product <name>', 'its name in the log, a purl without version')
    .option('--url <url>', 'where readers find the log')
    .option('--channel <name>', 'its channel', 'stable')
    .action(async (folder, options) => {
      const { policyCommand } = await import('./policy.ts');
      context.end(policyCommand(folder, options));
    });
  registerMonitor(log, context);
  registerPublish(parent, context);
  registerCheck(parent, context);
  registerWitness(parent, context);
}

function registerMonitor(log: Command, context: Context): void {
  log
    .command('monitor')
    .summary('follow a log')
    .description('Says what is new in a log: releases, updates, declarations, and what is wrong.')
    .argument('<log>', LOG)
    .option('--key <key>', "the log's public key; needed with a URL")
    .option('--mirror <key>', 'read it from a mirror with this public key')
    .option('--product <name>', 'this product alone')
    .option('--state <file>', 'where the place in the log is kept', 'avow-monitor.json')
    .option('--follow <seconds>', 'look again and again, this often', Number)
    .option('--no-examine', 'compare declarations alone, not what releases do')
    .option('--no-cache', 'neither use nor keep readings of modules')
    .action(async (name, options) => {
      const { monitorCommand } = await import('./monitor.ts');
      context.end(await monitorCommand(name, options, context.signal));
    });
}

function registerPublish(parent: Command, context: Context): void {
  parent
    .command('publish')
    .summary('log a release or an update')
    .description(
      'Examines a product or an update, logs it, waits for the cosigned checkpoint,\nand writes its .tlog-proof.',
    )
    .argument('<product>', 'a folder, an archive, or npm:NAME[@VERSION]')
    .requiredOption('--log <log>', LOG)
    .requiredOption('--maker <name>', 'who publishes it')
    .option('--product <name>', 'its name in the log (default: its purl)')
    .option('--channel <name>', 'its channel', 'stable')
    .option('--number <n>', 'its number (default: one more than the last)', Number)
    .option('--update', 'a database update, whose records are logged one by one')
    .option('--declaration <file>', 'what its maker says it does; it must keep to it')
    .option('--keep-artifact', 'keep the archive itself in the log, for whoever compares releases')
    .option('--key <key>', "the log's public key; needed with a URL")
    .option('--token <file>', 'a bearer token for the server, in a file of mode 0600')
    .option('-o, --output <file>', 'the proof file', 'release.tlog-proof')
    .option('--no-cache', 'neither use nor keep readings of modules')
    .action(async (product, options) => {
      const { publishCommand } = await import('../publish.ts');
      context.end(await publishCommand(product, options, context.signal));
    });
}

function registerCheck(parent: Command, context: Context): void {
  parent
    .command('check')
    .summary('is it what everyone got')
    .description(
      'Holds an installed product, an archive or a package-lock.json against the log:\nis it logged, whole, fresh, as released, as declared, without a verdict.',
    )
    .argument('<product>', 'a folder, an archive, or a package-lock.json')
    .requiredOption('--policy <file>', 'which log, witnesses, product and channel (avow.policy/1)')
    .option('--log <log>', `${LOG}; else the policy's`)
    .option('--proof <file>', 'offline: the .tlog-proof of the product')
    .option('--manifest <file>', 'offline: the manifest (default: PROOF.manifest)')
    .option('--declaration <file>', 'offline: the declaration')
    .option('--update', 'it is a database update')
    .option('--no-examine', 'do not hold it against its declaration')
    .option('--ignore <path>', 'not part of the product; may be repeated', collect, [
      'node_modules',
    ])
    .addOption(
      new Option('-f, --format <format>', 'form of the result')
        .choices(['text', 'json', 'sarif', 'junit'])
        .default('text'),
    )
    .option('-o, --output <file>', 'write the result to a file')
    .option('--junit <file>', 'write a JUnit file too')
    .option('--evidence <file>', 'where the evidence of a fork goes', 'avow-fork.json')
    .option('--state <folder>', 'where what was seen is kept')
    .option('--no-cache', 'neither use nor keep readings of modules')
    .action(async (product, options) => {
      const { checkCommand } = await import('../check.ts');
      context.end(await checkCommand(product, options, context.signal));
    });
}

function registerWitness(parent: Command, context: Context): void {
  parent
    .command('witness')
    .summary('cosign logs')
    .description(
      'Runs a witness: it cosigns a checkpoint only when it continues the last one\n(C2SP tlog-witness), and prints its public key.',
    )
    .argument('<folder>', "the witness's folder; a new one gets a new key")
    .option('--name <name>', 'the name of a new witness: its address without https://')
    .option('--log <key>', 'the public key of a log to cosign; may be repeated', collect, [])
    .option('--logs <file>', 'public keys of logs, one a line')
    .option('-l, --listen <address>', 'port, or host:port', '127.0.0.1:8471')
    .option('--ml-dsa', 'a new witness gets an ML-DSA-44 key too')
    .action(async (folder, options) => {
      const { witnessCommand } = await import('../witness.ts');
      context.end(await witnessCommand(folder, options, context.signal));
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
