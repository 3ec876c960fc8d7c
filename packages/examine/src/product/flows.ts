import { digestOf } from '@avow/bytes';
import {
  pageOffset,
  readScript,
  type ScriptTree,
  scopesOf,
  scriptsOfPage,
  scriptText,
} from '@avow/formats';
import { type FlowHop, type FoundFlow, followData } from '../flow/follow.ts';
import type { FlowInput, ParsedScript } from '../flow/program.ts';
import type { ModuleTask } from '../observe/reading.ts';
import type { Flow } from '../result.ts';
import { stablePath } from './identity.ts';
import type { PlacedFeature, ProductModule } from './module.ts';
import type { Resolver } from './resolve.ts';

/** Hex digits of an id, as of a feature's. */
const ID_DIGITS = 16;

export interface FlowsInput {
  readonly modules: readonly ProductModule[];
  /** By path: what a tree is made from when data gets there. */
  readonly tasks: ReadonlyMap<string, ModuleTask>;
  /** Features of scripts, linked ones among them. */
  readonly features: readonly PlacedFeature[];
  readonly resolver: Resolver;
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
} as const;

/** Flows of a product's scripts, with ids that stay while the flow stays. */
export function flowsOf(input: FlowsInput): ProductFlows {
  const byPath = Map.groupBy(input.features, ({ path }) => path);
  const modules = input.modules.map(({ path, reading }) => ({
    path,
    reading: { ...reading, features: byPath.get(path) ?? [] },
  }));
  const followed = followData({
    modules,
    parse: ({ path }) => parseTask(input.tasks.get(path)!),
    resolve: (from, specifier) => input.resolver.resolve(specifier, from),
    modulesContaining: containing(input.tasks),
  });
  return {
    flows: named(followed.flows, input),
    unfinished: followed.unfinished.map(({ path, reason }) => ({ path, message: REASONS[reason] })),
  };
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

/** Paths of the modules whose bytes hold a text, in order. */
function containing(tasks: ReadonlyMap<string, ModuleTask>): FlowInput['modulesContaining'] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    let paths = known.get(text);
    if (paths === undefined) {
      const wanted = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
      paths = [...tasks].flatMap(([path, { bytes }]) => (holds(bytes, wanted) ? [path] : []));
      known.set(text, paths);
    }
    return paths;
  };
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first] = wanted;
  if (first === undefined) return false;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length += 1;
    if (length === wanted.length) return true;
  }
  return false;
}

function parseTask({ bytes, language, goal }: ModuleTask): ParsedScript | undefined {
  const { text } = scriptText(bytes);
  try {
    const isPage = language === 'html' || language === 'vue' || language === 'svelte';
    const tree = isPage
      ? readScript(scriptsInPlace(text, language), { language: 'ts', goal: 'unknown' })
      : readScript(text, { language, goal });
    return { tree, scopes: scopesOf(tree) };
  } catch {
    // It was read once already: a refusal of the page's joined scripts is reported as not followed.
    return undefined;
  }
}

/**
 * The script elements of a page as one script, everything else blanked, so
 * that offsets and lines are the page's: they share one global scope.
 */
function scriptsInPlace(text: string, dialect: 'html' | 'vue' | 'svelte'): ScriptTree['text'] {
  const kept: string[] = Array.from({ length: text.length }, (_, at) =>
    text[at] === '\n' ? '\n' : ' ',
  );
  for (const script of scriptsOfPage(text, dialect).scripts) {
    if (script.how !== 'element') continue;
    const start = pageOffset(script, 0);
    for (let at = 0; at < script.text.length; at += 1) kept[start + at] = script.text[at]!;
    kept[start + script.text.length] = ';';
  }
  return kept.join('');
}
