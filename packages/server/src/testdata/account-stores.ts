import type { Database } from '@avow/stores/database';
import { Notices } from '@avow/stores/notices';
import { Standing } from '@avow/stores/standing';
import { Uploads } from '@avow/stores/uploads';
import { Seal } from '../webhooks/secret.ts';

/** Where more is kept about a person than who they are. */
export async function accountStores(database: Database) {
  return {
    notices: await Notices.open(database),
    standing: await Standing.open(database),
    uploads: await Uploads.open(database),
    seal: new Seal(new Uint8Array(32)),
  };
}
