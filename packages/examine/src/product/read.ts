import type { Member, UnreadMember } from '@avow/formats';
import type { NativeProductModule } from '../native/product.ts';
import type { ModuleReading, ReadingTask } from '../observe/reading.ts';
import { addonLinks } from './addons.ts';
import type { InlineModule } from './inline.ts';
import type { Linker } from './link.ts';
import type { ProductModule } from './module.ts';
import { linkTasks, scriptKey } from './relink.ts';
import type { Survey } from './survey.ts';

/** As `ExaminationOptions.readModules`. */
export type ReadModules = (tasks: AsyncIterable<ReadingTask>) => Promise<readonly ModuleReading[]>;

/** The modules of a product, each with what it says of itself. */
export interface ReadProduct {
  readonly scripts: readonly ProductModule[];
  readonly natives: readonly NativeProductModule[];
  readonly inline: readonly InlineModule[];
}

export function withReadings(found: Survey, readings: readonly ModuleReading[]): ReadProduct {
  const read = <T extends { readonly task: number }>(module: T) => ({
    ...module,
    reading: readings[module.task]!,
  });
  return {
    scripts: found.scripts.map(read),
    natives: found.natives.map(read),
    inline: found.inline.map(read),
  };
}

/**
 * The same, with the links of those scripts whose uses of other files come to
 * what rules know or to native code: few of all, so only they are read once
 * more, for the places.
 */
export async function withLinks(
  product: ReadProduct,
  found: Survey,
  linker: Linker,
  readModules: ReadModules,
  members: () => AsyncIterable<Member | UnreadMember>,
): Promise<ReadProduct> {
  const { scripts, natives } = product;
  const addons = addonLinks(found, scripts, natives);
  const isLinked = (module: ProductModule) =>
    linker.isLinked(module) || addons?.isLinked(module) === true;
  const linked = scripts.filter(isLinked);
  if (linked.length === 0) return product;
  const keys: string[] = [];
  const readings = await readModules(tasksOf());
  const byKey = new Map(keys.map((key, index) => [key, readings[index]!]));
  return {
    ...product,
    scripts: scripts.map((module) => {
      return { ...module, reading: byKey.get(scriptKey(module)) ?? module.reading };
    }),
  };

  async function* tasksOf() {
    for await (const { key, task } of linkTasks(linked, found.kept, members)) {
      keys.push(key);
      yield task;
    }
  }
}
