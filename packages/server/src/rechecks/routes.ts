import { digestOf, utf8Bytes } from '@avow/bytes';
import { parseReceipt } from '@avow/docket';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { JobQueue } from '@avow/stores/jobs';
import { accountOf } from '../access/identity.ts';
import { type Api, absent } from '../app/api.ts';
import { viewerOf } from '../catalogue/routes.ts';
import { rechecks as routes } from '../contract/diffs.ts';
import { shownJob } from '../jobs/routes.ts';
import type { ObjectPort } from '../kept/objects.ts';

export interface RecheckPorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly jobs: JobQueue;
  readonly now: () => number;
}

/** Within this time one who asks again gets the job that is there. */
const AGAIN_MS = 3_600_000;

/** A receipt's re-check made anew, here instead of at home (`avow claim verify`). */
export function answerRechecks(api: Api, { lists, objects, jobs, now }: RecheckPorts): void {
  api.answer(routes.ask, {
    handle: async ({ body, identity }) => {
      const { product } = parseReceipt(body.receipt);
      const options = { viewer: viewerOf(identity), limit: 1 };
      const { rows } = await lists.releases({ digest: product.digest }, options);
      const [release] = rows;
      if (release?.artifact == null) throw absent();
      const owner = accountOf(identity)!;
      const receipt = await objects.keep(utf8Bytes(body.receipt));
      const key = `${digestOf(body.receipt)}:${owner}:${Math.floor(now() / AGAIN_MS)}`;
      const data = { receipt, release: release.number, owner };
      const [id] = await jobs.enqueue([{ kind: 'recheck', key, data }]);
      return shownJob((await jobs.read(id!))!);
    },
  });
}
