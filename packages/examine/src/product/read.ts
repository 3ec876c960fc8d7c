import type { Member, UnreadMember } from '@avow/formats';
import type { NativeProductModule } from '../native/product.ts';
import type { GivenCalls, ModuleReading, ReadingTask } from '../observe/reading.ts';
import { addonLinks } from './addons.ts';
import { Wrappers } from './given.ts';
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
 * what rules know, to native code, or give a wrapper its recipient: few of all,
 * so only they are read once more, for the places; and wrappers with what they
 * are given.
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
  const wrappers = new Wrappers(scripts, linker.finder);
  const linked = scripts.filter((module) => isLinked(module) || wrappers.isCaller(module));
  if (linked.length === 0) return product;
  const again = async (of: readonly ProductModule[], given: ReadonlyMap<string, GivenCalls>) => {
    const keys: string[] = [];
    const readings = await readModules(tasksOf());
    return new Map(keys.map((key, index) => [key, readings[index]!]));

    async function* tasksOf() {
      for await (const { key, path, task } of linkTasks(of, found.kept, members)) {
        keys.push(key);
        const calls = given.get(path);
        yield calls === undefined ? task : { ...task, given: calls };
      }
    }
  };
  const first = put(scripts, await again(linked, new Map()));
  const given = wrappers.given(first);
  const wrapping = first.filter(({ path }) => given.has(path));
  return {
    ...product,
    scripts: wrapping.length === 0 ? first : put(first, await again(wrapping, given)),
  };
}

function put(
  scripts: readonly ProductModule[],
  readings: ReadonlyMap<string, ModuleReading>,
): ProductModule[] {
  return scripts.map((module) => {
    return { ...module, reading: readings.get(scriptKey(module)) ?? module.reading };
  });
}
