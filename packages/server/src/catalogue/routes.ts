import type { CatalogueLists, ReleaseFound, Viewer } from '@avow/stores/catalogue';
import type { Identity } from '../access/identity.ts';
import { may, type ObjectFacts } from '../access/may.ts';
import type { Api } from '../app/api.ts';
import type { Loaded } from '../app/call.ts';
import {
  declarations,
  features,
  findings,
  flows,
  makers,
  products,
  releases,
} from '../contract/catalogue.ts';
import { records, updates } from '../contract/updates.ts';
import {
  shownFeature,
  shownFinding,
  shownFlow,
  shownModule,
  shownProduct,
  shownRecord,
  shownRelease,
  shownUpdate,
} from './shown.ts';

/** Lists of what examinations found. What someone may not see is in none of them. */
export function answerCatalogue(api: Api, lists: CatalogueLists): void {
  api.answer(makers.list, {
    handle: async ({ query }) => page(await lists.makers(query), (maker) => maker),
  });
  api.answer(products.list, {
    handle: async ({ query, identity }) =>
      page(await lists.products(query, view(identity, query)), shownProduct),
  });
  api.answer(products.read, {
    object: async ({ params }) => productOf(lists, params.product),
    handle: async (_, product) => shownProduct(product),
  });
  api.answer(releases.list, {
    handle: async ({ query, identity }) =>
      page(await lists.releases(query, view(identity, query)), shownRelease),
  });
  api.answer(releases.read, {
    object: async ({ params }) => releaseOf(lists, params.release),
    handle: async (_, release) => shownRelease(release),
  });
  api.answer(releases.modules, {
    object: async ({ params }) => releaseOf(lists, params.release),
    handle: async ({ query }, release) =>
      page(await lists.modules(release.number, query), shownModule),
  });
  api.answer(features.list, {
    handle: async ({ query, identity }) =>
      page(await lists.features(query, view(identity, query)), shownFeature),
  });
  api.answer(flows.list, {
    handle: async ({ query, identity }) =>
      page(await lists.flows(query, view(identity, query)), shownFlow),
  });
  api.answer(findings.list, {
    handle: async ({ query, identity }) =>
      page(await lists.findings(query, view(identity, query)), shownFinding),
  });
  api.answer(updates.list, {
    handle: async ({ query, identity }) =>
      page(await lists.updates(query, view(identity, query)), shownUpdate),
  });
  api.answer(records.list, {
    handle: async ({ query, identity }) =>
      page(await lists.records(query, view(identity, query)), shownRecord),
  });
  api.answer(declarations.list, {
    handle: async ({ query }) =>
      page(await lists.declarations(query, query), ({ by_account: _, ...one }) => ({
        ...one,
        digest: one.digest as `sha256:${string}`,
      })),
  });
}

interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

export function page<Row, Item>(
  { rows, next }: Rows<Row>,
  shown: (row: Row) => Item,
): { items: Item[]; next?: string } {
  return { items: rows.map(shown), ...(next === undefined ? {} : { next }) };
}

/** Staff see every release; others what is public, and their own. */
export function viewerOf(identity: Identity): Viewer {
  const isStaff = may(identity, 'release.read', { isPublic: false }) === 'yes';
  if (isStaff) return { sees: 'all' };
  return { sees: 'public', account: identity.kind === 'anonymous' ? undefined : identity.id };
}

function view(identity: Identity, query: { after?: string | undefined; limit: number }) {
  return { viewer: viewerOf(identity), after: query.after, limit: query.limit };
}

export async function releaseOf(
  lists: CatalogueLists,
  number: number,
): Promise<Loaded<ReleaseFound> | undefined> {
  const value = await lists.release(number);
  return value && { value, facts: factsOf(value) };
}

export function factsOf(release: ReleaseFound): ObjectFacts {
  return {
    isPublic: release.is_public === 1,
    ...(release.owner === null ? {} : { owner: release.owner }),
    ...(release.maker === null ? {} : { maker: release.maker }),
  };
}

export async function productOf(lists: CatalogueLists, number: number) {
  const value = await lists.product(number);
  if (value === undefined) return undefined;
  const { rows } = await lists.releases(
    { product: number },
    { viewer: { sees: 'public' }, limit: 1 },
  );
  const maker = value.maker === null ? {} : { maker: value.maker };
  return { value, facts: { isPublic: rows.length > 0, ...maker } };
}
