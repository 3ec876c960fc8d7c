import { type GivenCalls, type ModuleFeature, usedIn } from '../observe/reading.ts';
import type { ExportFinder } from './called-exports.ts';
import type { ProductModule } from './module.ts';

/** Stands for what a call gives that is not known. */
const UNKNOWN = '…';

/** Texts of one argument: of more, none tells anything. */
const MAX_TEXTS = 16;

/** Features whose recipient may be what a wrapper is given. */
const WITH_RECIPIENT = /^(?:net|exec|file|code|mail)\./;

/**
 * Exports that other files call with what is the recipient of something:
 * `post(url)`. Their scripts are read once more, with what the calls give.
 */
export class Wrappers {
  readonly #finder: ExportFinder;
  /** By path: exports whose call comes to a feature without a recipient. */
  readonly #wanted = new Map<string, ReadonlySet<string>>();

  constructor(scripts: readonly ProductModule[], finder: ExportFinder) {
    this.#finder = finder;
    for (const { path, reading } of scripts) {
      const wanted = Object.entries(reading.runs?.features ?? {}).filter(([, numbers]) => {
        return numbers.some((number) => isWanting(reading.features[number]!));
      });
      if (wanted.length > 0) this.#wanted.set(path, new Set(wanted.map(([name]) => name)));
    }
  }

  /** Whether a script calls one of them: then what it gives is asked for. */
  isCaller({ path, reading }: ProductModule): boolean {
    if (this.#wanted.size === 0) return false;
    return reading.uses.some((text) => {
      const { use, symbol } = usedIn(text);
      return use === 'call' && this.#find(symbol, path).length > 0;
    });
  }

  /** What scripts, read with their links, give to the exports of others, by path. */
  given(scripts: readonly ProductModule[]): ReadonlyMap<string, GivenCalls> {
    const calls = new Map<string, Map<string, Readonly<Record<string, string>>[]>>();
    for (const { path, reading } of scripts) {
      for (const link of reading.links) {
        if (link.use !== 'call') continue;
        for (const called of this.#find(link.symbol, path)) {
          const of = partAt(calls, called.path, () => new Map());
          partAt(of, called.name, () => []).push(link.arguments);
        }
      }
    }
    const given = [...calls].map(([path, of]) => {
      const texts = [...of].map(([name, list]) => [name, textsOf(list)] as const);
      return [path, texts.filter(([, each]) => Object.keys(each).length > 0)] as const;
    });
    return new Map(
      given.filter(([, of]) => of.length > 0).map(([path, of]) => [path, Object.fromEntries(of)]),
    );
  }

  #find(symbol: string, from: string) {
    const found = this.#finder.find(symbol, from);
    return found.filter(({ path, name }) => this.#wanted.get(path)?.has(name) === true);
  }
}

function isWanting({ feature, recipient }: ModuleFeature): boolean {
  return WITH_RECIPIENT.test(feature) && (recipient === undefined || recipient.includes(UNKNOWN));
}

/** Of all calls of one export: the texts of each argument. */
function textsOf(
  calls: readonly Readonly<Record<string, string>>[],
): Record<string, readonly string[]> {
  const texts: Record<string, readonly string[]> = {};
  for (const path of new Set(calls.flatMap((each) => Object.keys(each)))) {
    const of = new Set(calls.map((each) => (Object.hasOwn(each, path) ? each[path]! : UNKNOWN)));
    if (of.size <= MAX_TEXTS) texts[path] = [...of];
  }
  return texts;
}

function partAt<T>(parts: Map<string, T>, key: string, make: () => T): T {
  let part = parts.get(key);
  if (part === undefined) parts.set(key, (part = make()));
  return part;
}
