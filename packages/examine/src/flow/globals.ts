import { children, Role, stringValue } from '@avow/formats/script';
import type { Origin, OriginQuery } from './origin.ts';
import { pointOf } from './point.ts';
import type { Program } from './program.ts';

/**
 * What a global name may be: a function of another script of the same page,
 * or what a preload script exposes.
 */
export function globalOf(
  origins: OriginQuery,
  program: Program,
  name: string,
  steps: number,
): readonly Origin[] {
  const found: Origin[] = [];
  for (const unit of program.pageScripts) {
    const declared = unit.index.outerFunction(name);
    if (declared >= 0) found.push({ kind: 'node', point: pointOf(unit.module, declared) });
  }
  for (const unit of program.containing('exposeInMainWorld')) {
    for (const call of unit.index.callsNamed('exposeInMainWorld')) {
      const [key, value] = children(unit.tree, call, Role.Argument);
      if (key === undefined || value === undefined) continue;
      if (stringValue(unit.tree, key) === name)
        found.push(...origins.of(pointOf(unit.module, value), steps + 1));
    }
  }
  return found;
}
