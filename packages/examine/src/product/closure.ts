import type { ProductModule } from './module.ts';
import type { Resolver } from './resolve.ts';

/** Modules that run because one of `entries` does: all that they import while they load. */
export function loadClosure(
  entries: Iterable<string>,
  modules: ReadonlyMap<string, ProductModule>,
  resolver: Resolver,
): Set<string> {
  const reached = new Set<string>();
  const left = [...entries];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { specifier, when } of modules.get(path)?.reading.imports ?? []) {
      if (when !== 'load') continue;
      const target = resolver.resolve(specifier, path);
      if (target !== undefined) left.push(target);
    }
  }
  return reached;
}
