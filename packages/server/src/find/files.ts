import type { Digest } from '@avow/bytes';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { Api } from '../app/api.ts';
import { viewerOf } from '../catalogue/routes.ts';
import { files } from '../contract/files.ts';

/** Files by their names, over all releases that one may see: debuggers and stack traces name no more. */
export function answerFiles(api: Api, { lists }: { readonly lists: CatalogueLists }): void {
  api.answer(files.list, {
    handle: async ({ query: { name, limit }, identity }) => {
      const options = { viewer: viewerOf(identity), limit };
      const rows = await lists.filesNamed(name.toLowerCase(), options);
      const items = rows.map(({ release, target, path, digest, size }) => {
        return { release, target, path, digest: digest as Digest, size };
      });
      return { items };
    },
  });
}
