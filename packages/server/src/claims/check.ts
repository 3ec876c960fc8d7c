import { Refused } from '@avow/bytes';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { programBeside, type RunLimits, runChild } from '../children/run.ts';
import type { Config } from '../config/config.ts';
import { type claimCheck, claims } from '../contract/claims.ts';
import { targetsIn } from './against.ts';
import { specOf } from './job.ts';

export type ClaimCheck = z.output<typeof claimCheck>;

/** What a child is given to look at a claim that nobody handed in yet. */
export interface CheckTask {
  readonly config: Pick<Config, 'data' | 'database' | 'objects'>;
  readonly text: string;
  readonly account: string | undefined;
}

export interface CheckPorts {
  readonly config: Config;
  readonly lists: CatalogueLists;
}

const CHILD = programBeside(import.meta.url, 'check-child');
/** Somebody waits for it before a form. */
const LIMITS: RunLimits = { seconds: 20, memory: 2 * 1024 ** 3 };

export function answerCheck(api: Api, ports: CheckPorts): void {
  api.answer(claims.check, {
    handle: async ({ body, identity, request }) =>
      checkClaim(body.text, accountOf(identity), ports, request.signal),
  });
}

/** Says what a text would claim, without keeping it. Refuses `claim.unchecked` when that takes too long. */
async function checkClaim(
  text: string,
  account: string | undefined,
  { config, lists }: CheckPorts,
  signal: AbortSignal,
): Promise<ClaimCheck> {
  const { data, database, objects } = config;
  const task: CheckTask = { config: { data, database, objects }, text, account };
  const end = await runChild(CHILD, task, LIMITS, signal, () => {});
  if (end.state === 'refused') throw new Refused(end.code, undefined, end.message);
  if (end.state !== 'done') {
    throw new Refused(
      'claim.unchecked',
      undefined,
      `it could not be checked beforehand: ${end.why}`,
    );
  }
  const found = end.result as Omit<ClaimCheck, 'fetches'>;
  return { ...found, fetches: await unknownReleases(text, account, lists) };
}

/** Releases of registries that the text names and nobody examined here yet. */
async function unknownReleases(
  text: string,
  account: string | undefined,
  lists: CatalogueLists,
): Promise<string[]> {
  const viewer = { sees: 'public', account } as const;
  const unknown: string[] = [];
  for (const target of targetsIn(text)) {
    const { rows } = await lists.releases({ target }, { viewer, limit: 1 });
    if (rows.length === 0 && specOf(target) !== undefined) unknown.push(target);
  }
  return unknown;
}
