import { printLocator } from '@avow/locator';
import { type AnswerOf, features, files, products, records, releases } from '@avow/server/contract';
import type { Ask } from '../../ask.ts';
import { likeness, type Pasted, placesIn } from './pasted.ts';

type Feature = AnswerOf<typeof features.list>['items'][number];
type RecordRow = AnswerOf<typeof records.list>['items'][number];
type Release = AnswerOf<typeof releases.list>['items'][number];
type Product = AnswerOf<typeof products.list>['items'][number];

/** A file that was named, and the places that the text names in it. */
export interface FileFound {
  readonly release: number;
  readonly target: string;
  readonly path: string;
  readonly places: readonly string[];
}

/** What is here of what a text names or says. */
export interface Found {
  readonly releases: readonly Release[];
  readonly products: readonly Product[];
  readonly files: readonly FileFound[];
  /** Features with these recipients, or of these kinds. */
  readonly able: readonly Feature[];
  /** Features that have the words. */
  readonly worded: readonly Feature[];
  readonly records: readonly RecordRow[];
}

const EACH = 20;
/** Letters of a question for words, as the API takes it. */
const MOST_LETTERS = 200;

/** Looks up all that a text may mean at once. */
export async function findPasted(client: Ask, text: string, pasted: Pasted): Promise<Found> {
  const q = text.slice(0, MOST_LETTERS).toWellFormed();
  const [named, byName, worded, byWords, byDigest, byTarget, inFiles, able, byId] =
    await Promise.all([
      client.ask(products.list, { query: { q: nameOf(q), limit: EACH } }),
      client.ask(products.list, { query: { q, limit: EACH } }),
      client.ask(features.list, { query: { q, limit: EACH } }),
      client.ask(records.list, { query: { q, limit: EACH } }),
      all(pasted.digests, (digest) =>
        client.ask(releases.list, { query: { digest: digest as `sha256:${string}`, limit: EACH } }),
      ),
      all(pasted.targets, (target) =>
        client.ask(releases.list, { query: { target, limit: EACH } }),
      ),
      all(pasted.files, (name) => client.ask(files.list, { query: { name, limit: EACH } })),
      all(askedFeatures(pasted), (query) =>
        client.ask(features.list, { query: { ...query, limit: EACH } }),
      ),
      all(
        [...pasted.ids.map((id) => ({ id })), ...pasted.hosts.map((host) => ({ q: host }))],
        (query) => client.ask(records.list, { query: { ...query, limit: EACH } }),
      ),
    ]);
  return {
    releases: distinct([...byDigest, ...byTarget], ({ number }) => number),
    products: distinct([...byName.items, ...named.items], ({ number }) => number),
    files: inFiles
      .slice(0, EACH)
      .map(({ release, target, path }) => ({
        ...{ release, target, path },
        places: placesIn(text, target, path).map(printLocator),
      }))
      .sort((one, other) => likeness(text, other.path) - likeness(text, one.path)),
    able: distinct(able, ({ number }) => number).slice(0, EACH),
    worded: worded.items,
    records: distinct([...byId, ...byWords.items], ({ number }) => number).slice(0, EACH),
  };
}

/** Recipients before kinds: a host was seen, a kind is an opinion. A host may be one of several that are spoken to. */
function askedFeatures({ hosts, features: kinds }: Pasted) {
  return [
    ...hosts.map((recipient) => ({ recipient })),
    ...hosts.map((q) => ({ q })),
    ...kinds.map((feature) => ({ feature })),
  ];
}

/** The product of `npm:name@1.2.3`, of a package URL or of a name with its version. */
function nameOf(text: string): string {
  const bare = text.replace(/^(?:pkg:)?(?:npm|deb)[:/]/i, '').replaceAll('%40', '@');
  return bare.replace(/(?<=.)@[^@]*$/, '').replace(/[#\s][\s\S]*$/, '') || text;
}

async function all<Asked, Item>(
  asked: readonly Asked[],
  ask: (one: Asked) => Promise<{ readonly items: readonly Item[] }>,
): Promise<readonly Item[]> {
  const found = await Promise.all(asked.map((one) => ask(one).catch(() => ({ items: [] }))));
  return found.flatMap(({ items }) => items);
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): Item[] {
  return [...new Map([...items].reverse().map((item) => [keyOf(item), item])).values()].reverse();
}
