import { type Digest, Refused } from '@avow/bytes';
import { normaliseLocator, printLocator } from '@avow/locator';
import type { CatalogueLists, ReleaseFound } from '@avow/stores/catalogue';
import type { Api } from '../app/api.ts';
import { releaseOf } from '../catalogue/routes.ts';
import { modules } from '../contract/modules.ts';
import type { AnswerOf } from '../contract/route.ts';
import type { ObjectPort } from '../kept/objects.ts';
import type { AboutModule } from './lists.ts';
import type { ModuleFile, Modules } from './modules.ts';
import type { Span } from './task.ts';

export interface ModulePorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly modules: Modules;
}

/** What is in a module of machine code or WebAssembly. */
export function answerModules(api: Api, ports: ModulePorts): void {
  const { lists, modules: contents } = ports;
  const object = ({ params }: { readonly params: { readonly release: number } }) =>
    releaseOf(lists, params.release);
  api.answer(modules.about, {
    object,
    handle: async ({ query }, release) => {
      const file = await fileAt(release, query.path, lists);
      const about = await contents.ask<AboutModule>(file, { what: 'about' });
      const { digest, size } = file;
      return { path: query.path, target: release.target, digest, size, ...about };
    },
  });
  for (const what of ['functions', 'strings', 'imports', 'exports'] as const) {
    api.answer(modules[what] as typeof modules.functions, {
      object,
      handle: async ({ query: { path, q, after, limit } }, release) => {
        const file = await fileAt(release, path, lists);
        const words = q === undefined || q === '' ? {} : { q };
        return contents.ask(file, { what, after, limit, ...words });
      },
    });
  }
  api.answer(modules.calls, {
    object,
    handle: async ({ query: { path, ...asked } }, release) =>
      contents.ask(await fileAt(release, path, lists), { what: 'calls', ...asked }),
  });
  api.answer(modules.code, {
    object,
    handle: async ({ query: { path, place, from, limit } }, release) => {
      const file = await fileAt(release, path, lists);
      const locator = locatorOf(release.target, path, place);
      const start = from === undefined ? {} : { from };
      const task = { place: locator, ...start };
      const span = await contents.ask<Span>(file, { what: 'span', ...task });
      const bytes = await codeBytes(file, span, ports.objects);
      if (bytes === undefined) return { lines: [], callers: [], callersInAll: 0 };
      return contents.ask<AnswerOf<typeof modules.code>>(file, {
        what: 'code',
        ...task,
        bytes,
        limit,
      });
    },
  });
}

/** The bytes of a span in Base64; undefined where there is no code. */
export async function codeBytes(
  { digest }: ModuleFile,
  { code }: Span,
  objects: ObjectPort,
): Promise<string | undefined> {
  const bytes = code && (await objects.readRange(digest, code.from, code.to));
  return bytes && Buffer.from(bytes).toString('base64');
}

/** The file of a release that a path names, with the slice where the path goes on into one. */
export async function fileAt(
  { number, target }: ReleaseFound,
  path: string,
  lists: CatalogueLists,
): Promise<ModuleFile> {
  const whole = await lists.member(number, path);
  if (whole !== undefined) return { digest: whole.digest as Digest, size: whole.size };
  const enter = path.lastIndexOf('!/');
  const holder = enter < 0 ? undefined : await lists.member(number, path.slice(0, enter));
  if (holder === undefined) {
    throw new Refused('catalogue.absent', undefined, `${target} has no file "${path}"`);
  }
  return { digest: holder.digest as Digest, size: holder.size, slice: path.slice(enter + 2) };
}

function locatorOf(target: string, path: string, place: string): string {
  const encoded = path
    .split('!/')
    .map((part) => part.split('/').map(encodeURIComponent).join('/'))
    .join('!/');
  try {
    return printLocator(normaliseLocator(`${target}#${encoded} ${place}`));
  } catch (error) {
    const says = error instanceof Error ? error.message : '';
    throw new Refused('locate.no-locator', undefined, says);
  }
}
