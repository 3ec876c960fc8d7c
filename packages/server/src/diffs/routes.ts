import type { Identity } from '../access/identity.ts';
import { accountOf } from '../access/identity.ts';
import { may } from '../access/may.ts';
import { type Api, absent } from '../app/api.ts';
import type { Loaded } from '../app/call.ts';
import type { ChangePorts } from '../catalogue/changes.ts';
import { factsOf } from '../catalogue/routes.ts';
import { updateOf } from '../catalogue/updates.ts';
import { diffs as routes } from '../contract/diffs.ts';
import { shownJob } from '../jobs/routes.ts';
import { assertExamined, ownKey, releasesKey, updatesKey } from './kept.ts';

/** What is compared, and where it is read. */
interface Asked {
  readonly of: 'releases' | 'updates';
  readonly key: string;
  readonly before: number;
  readonly after: number;
  readonly where: string;
  readonly isPublic: boolean;
}

/** Comparisons as jobs: what they find is read where it is read without them. */
export function answerDiffs(api: Api, { lists, jobs }: ChangePorts): void {
  const release = async (number: number, identity: Identity) => {
    const value = await lists.release(number);
    return seen(identity, value && { value, facts: factsOf(value) });
  };
  const ofReleases = async (since: number, number: number, identity: Identity): Promise<Asked> => {
    const [old, now] = [await release(since, identity), await release(number, identity)];
    for (const { value } of [old, now]) assertExamined(value);
    return {
      of: 'releases',
      key: releasesKey(old.value, now.value),
      before: old.value.number,
      after: now.value.number,
      where: `/releases/${now.value.number}/changes/${old.value.number}`,
      isPublic: old.facts.isPublic && now.facts.isPublic,
    };
  };
  const ofUpdates = async (before: number, update: number, identity: Identity): Promise<Asked> => {
    const old = seen(identity, await updateOf(lists, before));
    const now = seen(identity, await updateOf(lists, update));
    return {
      of: 'updates',
      key: updatesKey(old.value.number, now.value.number),
      before: old.value.number,
      after: now.value.number,
      where: `/updates/${now.value.number}/changes/${old.value.number}`,
      isPublic: old.facts.isPublic && now.facts.isPublic,
    };
  };
  api.answer(routes.ask, {
    handle: async ({ body, identity }) => {
      const owner = accountOf(identity)!;
      const { key, isPublic, ...asked } =
        'release' in body
          ? await ofReleases(body.since, body.release, identity)
          : await ofUpdates(body.before, body.update, identity);
      const data = { ...asked, owner, isForAll: isPublic };
      const [id] = await jobs.enqueue([
        { kind: 'diff', key: isPublic ? key : ownKey(key, owner), data },
      ]);
      return shownJob((await jobs.read(id!))!);
    },
  });
}

/** Refuses `request.absent` for what is not there, or not for them. */
function seen<Value>(identity: Identity, loaded: Loaded<Value> | undefined): Loaded<Value> {
  if (loaded === undefined || may(identity, 'release.read', loaded.facts) !== 'yes') throw absent();
  return loaded;
}
