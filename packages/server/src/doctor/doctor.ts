import type { Config } from '../config/config.ts';
import { InvalidConfig } from '../config/read.ts';
import { dataFolder, diskSpace, logFolder, secret } from './files.ts';
import { bad, checked, type Found, ok } from './finding.ts';
import { mailServer } from './mail.ts';
import { clock, memory, outsideAddress, runtime } from './outside.ts';
import { signatures } from './signatures.ts';
import { database, objects } from './stores.ts';

interface Check {
  readonly what: string;
  /** What to do when it could not even be looked at. */
  readonly next: string;
  readonly look: (config: Config) => Promise<readonly Found[]>;
  /** Needs what a log alone does not open. */
  readonly isOfRows?: true;
}

const CHECKS: readonly Check[] = [
  { what: 'runtime', next: '', look: runtime },
  { what: 'clock', next: '', look: clock },
  { what: 'data folder', next: 'let the service write there', look: dataFolder, isOfRows: true },
  { what: 'secret', next: 'let the service read it', look: secret, isOfRows: true },
  {
    what: 'database',
    next: 'look whether it runs, and at its address, name and password',
    look: database,
    isOfRows: true,
  },
  {
    what: 'objects',
    next: 'look at the folder, or at the address, keys and rights of the bucket',
    look: objects,
    isOfRows: true,
  },
  { what: 'disk space', next: 'look whether the disk is there', look: diskSpace, isOfRows: true },
  { what: 'memory', next: '', look: memory, isOfRows: true },
  { what: 'log', next: 'let the service read it', look: logFolder },
  { what: 'mail', next: 'look at mail.server, its name and password', look: mailServer },
  {
    what: 'signatures',
    next: 'run publisher.sign.command by hand as the user of the service',
    look: signatures,
    isOfRows: true,
  },
  {
    what: 'address',
    next: 'look whether the service runs, and at name, certificate and proxy',
    look: outsideAddress,
  },
];

/**
 * Looks at everything that a service needs, each thing by itself, in the order
 * in which a person would. Changes nothing that lasts. `read` gives the
 * configuration; where it is wrong, every fault of it is all that is found.
 */
export async function diagnose(read: () => Config): Promise<readonly Found[]> {
  let config: Config;
  try {
    config = read();
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    return error.faults.map(({ key, place, says }) =>
      bad('configuration', `${key}: ${says}`, `correct it in ${place}`),
    );
  }
  const found: Found[] = [ok('configuration', `role ${config.role}, data in ${config.data}`)];
  for (const { what, next, look, isOfRows } of CHECKS) {
    if (config.role === 'log' && isOfRows) continue;
    const role = config;
    found.push(...(await checked(what, next, () => look(role))));
  }
  return found;
}
