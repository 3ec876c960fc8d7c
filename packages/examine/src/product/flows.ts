import { digestOf } from '@avow/bytes';
import type { FlowHop, FlowResult, FoundFlow } from '../flow/follow.ts';
import type { FlowJob } from '../flow/job.ts';
import type { ModuleTask } from '../observe/reading.ts';
import type { Flow } from '../result.ts';
import { stablePath } from './identity.ts';
import type { PlacedFeature, ProductModule } from './module.ts';
import { folderOf, type Resolver } from './resolve.ts';

/** Hex digits of an id, as of a feature's. */
const ID_DIGITS = 16;

export interface FlowsInput {
  readonly modules: readonly ProductModule[];
  /** By path: what a tree is made from when data gets there. */
  readonly tasks: ReadonlyMap<string, ModuleTask>;
  /** Features of scripts, linked ones among them. */
  readonly features: readonly PlacedFeature[];
  readonly resolver: Resolver;
  /** Follows the data elsewhere, in a process that may die; right here when not given. */
  readonly follow?: ((job: FlowJob) => Promise<FlowResult>) | undefined;
  print(path: string, place: FlowHop['place']): string;
}

export interface ProductFlows {
  readonly flows: readonly Flow[];
  /** Modules whose data was not followed to its end, and why. */
  readonly unfinished: readonly { readonly path: string; readonly message: string }[];
}

const REASONS = {
  budget: 'its data goes to more places than are followed: flows from or through it may be missing',
  unread: 'data goes into it, and it could not be parsed',
  stopped: 'following its data was stopped at the limit of time or memory: its flows are not known',
} as const;

/** Flows of a product's scripts, with ids that stay while the flow stays. */
export async function flowsOf(input: FlowsInput): Promise<ProductFlows> {
  const job = jobOf(input);
  const followed = await (input.follow ?? followHere)(job);
  return {
    flows: named(followed.flows, input),
    unfinished: followed.unfinished.map(({ path, reason }) => ({ path, message: REASONS[reason] })),
  };
}

async function followHere(job: FlowJob): Promise<FlowResult> {
  const { followData, inputOf, parseTask } = await import('../flow/index.ts');
  return followData(inputOf(job, (task) => parseTask(task)));
}

function jobOf({ modules, tasks, features, resolver }: FlowsInput): FlowJob {
  const byPath = Map.groupBy(features, ({ path }) => path);
  return {
    modules: modules.map(({ path, reading }) => ({
      path,
      reading: { ...reading, features: byPath.get(path) ?? [] },
    })),
    tasks,
    resolutions: Object.fromEntries(
      modules.map(({ path, reading }) => [path, resolutionsOf(path, reading, resolver)]),
    ),
  };
}

function resolutionsOf(
  path: string,
  { imports }: ProductModule['reading'],
  resolver: Resolver,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { specifier, how } of imports) {
    // A page and a worker name files by their URL, with no dot before them.
    const isUrl = how === 'script' || how === 'worker';
    const target =
      resolver.resolve(specifier, path) ??
      (isUrl ? resolver.file(specifier, folderOf(path)) : undefined);
    if (target !== undefined) found[specifier] = target;
  }
  return found;
}

function named(flows: readonly FoundFlow[], { print }: FlowsInput): Flow[] {
  const seen = new Map<string, number>();
  return flows.map((flow) => {
    const { source, destination, recipient, transforms, gate, hops, within } = flow;
    const ends = [hops[0]!, hops.at(-1)!].map(({ path }) => stablePath(path));
    const key = [source, destination, recipient ?? '', within.join('/'), ...ends].join('\n');
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const start = 'sha256:'.length;
    return {
      id: digestOf(`flow\n${key}\n${ordinal}`).slice(start, start + ID_DIGITS),
      source,
      destination,
      ...(recipient === undefined ? {} : { recipient }),
      transforms,
      ...(gate === undefined ? {} : { gate }),
      hops: hops.map(({ role, path, place, evidence }) => ({
        role,
        locator: print(path, place),
        evidence,
      })),
    };
  });
}
