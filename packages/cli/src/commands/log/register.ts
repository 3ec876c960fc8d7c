import type { Command } from 'commander';
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
    .action(async (name, options) => {
      const { fsckCommand } = await import('./fsck.ts');
      context.end(await fsckCommand(name, options));
    });
  for (const each of log.commands) each.exitOverride();
  registerWitness(parent, context);
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
