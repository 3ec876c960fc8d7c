import { type AnswerOf, features } from '@avow/server/contract';
import type { Ask } from '../../ask.ts';
import { type ModulePath, moduleBase } from './frame.ts';

export type Feature = AnswerOf<typeof features.list>['items'][number];

/** Features of one module that are looked through: of more, the first. */
const MOST = 1_000;
const PAGE = 200;
/** Features of one release that are looked through for those of one module. */
const LOOKED = 4_000;

/** What was found in a module, each with its place. */
export async function featuresIn(
  client: Ask,
  { release, path, about }: ModulePath,
): Promise<readonly { readonly place: string; readonly feature: Feature }[]> {
  const base = `${moduleBase({ target: about.target, path })} `;
  const found: { place: string; feature: Feature }[] = [];
  let after: string | undefined;
  for (let looked = 0; looked < LOOKED && found.length < MOST; looked += PAGE) {
    const query = { release, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { items, next } = await client.ask(features.list, { query });
    for (const feature of items) {
      if (feature.locator.startsWith(base)) {
        found.push({ place: feature.locator.slice(base.length), feature });
      }
    }
    if (next === undefined) break;
    after = next;
  }
  return found;
}
