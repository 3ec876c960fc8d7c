import { join } from 'node:path';
import type { Config } from '../config/config.ts';

/** Addresses of a service's database and objects, those that go without saying too. */
export function addressesOf({
  data,
  database,
  objects,
}: Pick<Config, 'data' | 'database' | 'objects'>): {
  readonly database: string;
  readonly objects: string;
} {
  return {
    database: database ?? `sqlite:${join(data, 'avow.sqlite')}`,
    objects: objects ?? `file:${join(data, 'objects')}`,
  };
}
