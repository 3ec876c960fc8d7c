import { type Digest, Refused } from '@avow/bytes';
import type { CatalogueLists } from '@avow/stores/catalogue';
import type { Modules } from './modules.ts';

/** Tables of a smaller module are made while whoever asks waits. */
const LARGE = 4_000_000;
/** Of a release with more large modules, the first are prepared. */
const MOST = 16;
const KINDS = new Set(['elf', 'pe', 'macho', 'wasm']);

/** Makes the tables of a release's large modules, so that their pages open at once. */
export async function prepareModules(
  release: number,
  { lists, modules }: { readonly lists: CatalogueLists; readonly modules: Modules },
): Promise<void> {
  let prepared = 0;
  for (let after: string | undefined; prepared < MOST; ) {
    const page = await lists.modules(release, {
      limit: 200,
      ...(after === undefined ? {} : { after }),
    });
    for (const { kind, digest, size } of page.rows) {
      if (!KINDS.has(kind) || size < LARGE || prepared >= MOST) continue;
      prepared++;
      try {
        await modules.make({ digest: digest as Digest, size });
      } catch (error) {
        // Whoever opens its page is told why; the examination is done.
        if (!(error instanceof Refused)) throw error;
      }
    }
    after = 'next' in page ? page.next : undefined;
    if (after === undefined) return;
  }
}
