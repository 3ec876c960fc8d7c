import { type AnswerOf, features } from '@avow/server/contract';
import type { Ask } from '../../ask.ts';
import { type ModulePath, moduleBase } from './frame.ts';

export type Feature = AnswerOf<typeof features.list>['items'][number];

/** Features of one module that are marked: of more, the first. */
const MOST = 2_000;
const PAGE = 200;

/** What was found in a module, each with its place. */
export async function featuresIn(
  client: Ask,
  { release, path, about }: ModulePath,
): Promise<readonly { readonly place: string; readonly feature: Feature }[]> {
  const base = moduleBase({ target: about.target, path });
  const module = base.slice(about.target.length + 1);
  const found: { place: string; feature: Feature }[] = [];
  for (let after: string | undefined; found.length < MOST; ) {
    const query = { release, module, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { items, next } = await client.ask(features.list, { query });
    for (const feature of items) {
      found.push({ place: feature.locator.slice(base.length + 1), feature });
    }
    if (next === undefined) break;
    after = next;
  }
  return found;
}
