import type { Digest } from '@avow/bytes';
import { Refused } from '@avow/bytes';
import { isFeatureId } from '@avow/declare';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { Api } from '../app/api.ts';
import { releaseOf, viewerOf } from '../catalogue/routes.ts';
import { shownFeature, shownRecord } from '../catalogue/shown.ts';
import { places } from '../contract/find.ts';
import type { ObjectPort } from '../kept/objects.ts';
import { locate } from '../locate/locate.ts';
import type { Modules } from '../modules/modules.ts';

export interface PlacePorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly modules: Modules;
}

/** From locators to places, and from symptoms to locators. */
export function answerPlaces(api: Api, ports: PlacePorts): void {
  const { lists, objects } = ports;
  api.answer(places.locate, {
    handle: async ({ query, identity }) => locate(query, viewerOf(identity), ports),
  });
  api.answer(places.bytes, {
    object: async ({ params }) => releaseOf(lists, params.release),
    handle: async ({ query }, release) => {
      const member = await lists.member(release.number, query.path);
      const { from, length } = query;
      const bytes =
        member && (await objects.readRange(member.digest as Digest, from, from + length));
      if (member === undefined || bytes === undefined) {
        throw new Refused('request.absent', undefined, 'nothing is here');
      }
      return new Response(new Uint8Array(bytes), {
        headers: {
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment; filename="bytes.bin"',
          'content-range': `bytes ${from}-${from + bytes.length - 1}/${member.size}`,
        },
      });
    },
  });
  api.answer(places.find, {
    handle: async ({ query: { symptom, limit }, identity }) => {
      const options = { viewer: viewerOf(identity), limit };
      const byFeature = isFeatureId(symptom);
      const exact = await lists.features(
        byFeature ? { feature: symptom } : { recipient: symptom },
        options,
      );
      const words = byFeature ? { rows: [] } : await lists.features({ q: symptom }, options);
      const records = await lists.records({ q: symptom }, options);
      const known = new Set(exact.rows.map(({ number }) => number));
      const others = words.rows.filter(({ number }) => !known.has(number));
      const fit = byFeature ? ('feature' as const) : ('recipient' as const);
      return {
        features: [
          ...exact.rows.map((row) => ({ fit, feature: shownFeature(row) })),
          ...others.map((row) => ({ fit: 'words' as const, feature: shownFeature(row) })),
        ].slice(0, limit),
        records: records.rows.map(shownRecord),
        isWhole: [exact, words, records].every((page) => !('next' in page)),
      };
    },
  });
}
