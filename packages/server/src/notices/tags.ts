import { isFeatureId } from '@avow/declare';
import {
  type About,
  aboutRelease,
  type CatalogueLists,
  recipientsAt,
} from '@avow/stores/catalogue';
import type { Database } from '@avow/stores/database';
import type { Wanted } from '../contract/notices.ts';

/** What a notice is found by: `product:12`, `maker:acme`, `host:example.org`, `feature:net.http`. */
export type Tag = `${keyof Wanted}:${string}`;

export interface TagPorts {
  readonly database: Database;
  readonly lists: CatalogueLists;
}

/** The tags that a notice has to have, all of them. */
export function tagsWanted(wanted: Wanted): Tag[] {
  const names = ['product', 'maker', 'host', 'feature'] as const;
  return names.flatMap((name): Tag[] =>
    wanted[name] === undefined ? [] : [`${name}:${wanted[name]}`],
  );
}

/** What was wanted, read back from its tags. */
export function wantedBy(tags: readonly string[]): Wanted {
  const wanted = Object.fromEntries(
    tags.map((tag) => {
      const [name, value] = [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)];
      return [name, name === 'product' ? Number(value) : value];
    }),
  );
  return wanted as Wanted;
}

/** Tags of something about a product, with the maker that it has now. */
export function tagsOf(
  product: { readonly product: number; readonly maker: string | null },
  { features, recipients }: About = { features: [], recipients: [] },
): Tag[] {
  return [
    `product:${product.product}`,
    ...(product.maker === null ? [] : [`maker:${product.maker}` as const]),
    ...features.flatMap(featureTags),
    ...recipients.flatMap(hostTags),
  ];
}

/** Tags of a release that was examined: all that was found in it. */
export async function tagsOfRelease(
  release: number,
  { database, lists }: TagPorts,
): Promise<Tag[]> {
  const found = await lists.release(release);
  if (found === undefined || found.examination === null) return [];
  return tagsOf(found, await aboutRelease(database, found.examination));
}

/** Tags of a case: what is said of which product, and to whom its place speaks. */
export async function tagsOfCase(
  { target, said, locator }: { target: string; said: string; locator: string },
  { database, lists }: TagPorts,
): Promise<Tag[]> {
  const features = said.split(' -> ').filter(isFeatureId);
  const { rows } = await lists.releases({ target }, { viewer: { sees: 'all' }, limit: 1 });
  const [release] = rows;
  if (release === undefined) return features.flatMap(featureTags);
  const recipients =
    release.examination === null ? [] : await recipientsAt(database, release.examination, locator);
  return tagsOf(release, { features, recipients });
}

/** `net.http` is asked for as itself, and as `net.*`. */
function featureTags(feature: string): Tag[] {
  const dot = feature.indexOf('.');
  const own: Tag = `feature:${feature}`;
  return dot === -1 ? [own] : [own, `feature:${feature.slice(0, dot)}.*`];
}

const HOST =
  /^(?:[a-z][a-z0-9+.-]{0,20}:)?(?:\/\/)?(?:[^@/?#]{0,200}@)?([^/?#:@\s]{1,253})(?::\d{1,5})?(?:[/?#]|$)/i;

/** A host is asked for by its own name, and by each domain that it is in but the last. */
function hostTags(recipient: string): Tag[] {
  const host = HOST.exec(recipient)?.[1]?.toLowerCase().replace(/\.$/, '');
  if (host === undefined || !/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(host)) return [];
  // Parts of an address of four numbers name nobody.
  if (/^[\d.]+$/.test(host)) return [`host:${host}`];
  const labels = host.split('.');
  return labels.slice(0, -1).map((_, at): Tag => `host:${labels.slice(at).join('.')}`);
}
