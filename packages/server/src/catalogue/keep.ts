import { type Digest, Refused, utf8Bytes } from '@avow/bytes';
import { readDeclaration } from '@avow/declare';
import type { Catalogue, CatalogueLists } from '@avow/stores/catalogue';
import type { JobQueue } from '@avow/stores/jobs';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { listProductForMaker, type MakerPorts } from '../cases/makers.ts';
import { declarations, makers, products, releases } from '../contract/catalogue.ts';
import type { ObjectPort } from '../kept/objects.ts';
import { type NoticePorts, tellAll } from '../notices/publish.ts';
import { tagsOf } from '../notices/tags.ts';
import { productOf, releaseOf } from './routes.ts';

export interface KeepPorts extends NoticePorts, MakerPorts {
  readonly catalogue: Catalogue;
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly jobs: JobQueue;
}

/** Releases that one declaration has examined anew. */
const MAX_RELEASES = 100;

/** Documents of the catalogue, and what makers and administrators add to it. */
export function answerKeeping(api: Api, ports: KeepPorts): void {
  const { catalogue, lists, objects, now } = ports;
  const bytesOf = async (digest: string) => {
    const bytes = await objects.read(digest as Digest);
    if (bytes === undefined) throw new Refused('request.absent', undefined, 'nothing is here');
    return new Uint8Array(bytes);
  };
  api.answer(releases.examination, {
    object: async ({ params }) => releaseOf(lists, params.release),
    handle: async (_, release) =>
      new Response(await bytesOf(release.document ?? ''), {
        headers: {
          'content-type': 'application/json; charset=utf-8',
          etag: `"${(release.document ?? '').slice(7, 29)}"`,
        },
      }),
  });
  api.answer(declarations.text, {
    handle: async ({ params }) => {
      // Only what was published as one: other objects are not given out by digest.
      if (!(await lists.isDeclaration(params.digest))) {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      return new Response(await bytesOf(params.digest), {
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    },
  });
  api.answer(makers.keep, {
    handle: async ({ params, body }) => {
      await catalogue.addMaker(params.maker, body.name, new Date(now()).toISOString());
      return undefined;
    },
  });
  api.answer(products.assign, {
    object: async ({ params }) => productOf(lists, params.product),
    handle: async ({ body }, product) => {
      await catalogue.setMaker(product.number, body.maker);
      await listProductForMaker(ports, product.number);
      return undefined;
    },
  });
  api.answer(products.declare, {
    object: async ({ params }) => productOf(lists, params.product),
    handle: async ({ body, identity }, product) => {
      const { maker, date, versions } = readDeclaration(body.text);
      const digest = await objects.keep(utf8Bytes(body.text));
      const at = new Date(now()).toISOString();
      await catalogue.addDeclaration({
        product: product.number,
        digest,
        maker,
        date: date ?? '',
        versions: versions.join(', '),
        by_account: accountOf(identity) ?? null,
        at,
      });
      const count = await examineAgain(ports, product.number, digest, body.text);
      const { number, name } = product;
      const data = { product: number, name, digest, maker };
      const tags = tagsOf({ product: number, maker: product.maker });
      await tellAll(ports, 'declaration.published', data, tags);
      return { digest, releases: count };
    },
  });
}

/** Every release whose bytes are here is held to what is declared of it now. */
async function examineAgain(
  { lists, jobs }: KeepPorts,
  product: number,
  digest: Digest,
  declaration: string,
): Promise<number> {
  const { rows } = await lists.releases(
    { product },
    { viewer: { sees: 'all' }, limit: MAX_RELEASES },
  );
  const known = rows.filter(({ artifact }) => artifact !== null);
  await jobs.enqueue(
    known.map(({ number, artifact, file, owner, is_public }) => ({
      kind: 'examine',
      key: `declared:${number}:${digest}`,
      data: {
        artifact,
        file: file ?? 'artifact.tgz',
        declaration,
        isPublic: is_public === 1,
        ...(owner === null ? {} : { owner }),
      },
    })),
  );
  return known.length;
}
