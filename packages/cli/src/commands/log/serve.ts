import { readFileSync, statSync } from 'node:fs';
import { Refused } from '@avow/bytes';
import { noteVerifier, openCheckpoint, openLog, TreeReader } from '@avow/log';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { Artifacts } from './artifacts.ts';
import { readLogConfig, writerSettings } from './config.ts';
import { chainHeads } from './heads.ts';
import { listen, parseAddress } from './listen.ts';
import { answerLog } from './site.ts';

export interface ServeOptions {
  readonly listen: string;
  readonly token?: string;
  readonly anyEntry?: boolean;
}

/** Serves a log: its tiles to everyone, `POST /add` to whoever may write. */
export async function serveCommand(
  folder: string,
  options: ServeOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const address = parseAddress(options.listen);
  if (address === undefined) {
    throw new UsageError(`"${options.listen}" is no address`, 'give a port, or host:port');
  }
  const token = options.token === undefined ? undefined : readToken(options.token);
  const config = readLogConfig(folder);
  const settings = await writerSettings(config, console.error);
  const writer = await openLog(settings);
  const signed = (await settings.store.readSigned())!;
  const { checkpoint } = openCheckpoint(signed, config.origin, config.publicKeys.map(noteVerifier));
  const site = {
    writer,
    store: settings.store,
    heads: await chainHeads(folder, new TreeReader(settings.store, checkpoint)),
    artifacts: new Artifacts(folder),
    token,
    isAnyEntry: options.anyEntry ?? false,
  };
  await listen(
    address,
    (request) => answerLog(site, request),
    signal,
    (url) => console.error(`${config.origin}: ${writer.size} entries, at ${url}`),
  );
  await writer.close();
  return EXIT.ok;
}

/** A file that holds a bearer token; like a key, it is its owner's alone. */
export function readToken(path: string): string {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Refused(
      'key.exposed',
      undefined,
      `${path} has mode 0${mode.toString(8)}; chmod 600 it`,
    );
  }
  const token = readFileSync(path, 'utf8').trim();
  if (token.length < 16)
    throw new UsageError(`${path} has less than 16 characters`, 'make a longer token');
  return token;
}
