import { parseLocator } from '@avow/locator';
import { MAX_CANDIDATES } from './lack.ts';
import { isSaid, isSaidFlow, type Said } from './said.ts';
import { memberOf, type Release } from './stored.ts';

/** Functions and features of a module, the nearest to a line first. */
export function aroundLine(path: string, line: number, release: Release): readonly string[] {
  const functions = (release.places.functionsOf?.(path) ?? []).map(({ name, start }) => ({
    line: start.line,
    says: `function ${name || '(without name)'} @line:${start.line}:${start.column}`,
  }));
  const features = (release.examination?.features ?? [])
    .filter(({ locator }) => memberOf(parseLocator(locator)) === path)
    .map(({ feature, locator }) => ({ line: lineOf(locator), says: `${feature} ${locator}` }));
  return [...features, ...functions]
    .sort((one, other) => Math.abs(one.line - line) - Math.abs(other.line - line))
    .slice(0, MAX_CANDIDATES)
    .map(({ says }) => says);
}

function lineOf(locator: string): number {
  const { place } = parseLocator(locator);
  return place.kind === 'line' ? place.start.line : 1;
}

/** What was found in a product, in a file of it where one is named: of what is said, where something is said. */
export function featuresOf(
  { examination }: Release,
  said?: Said,
  path?: string,
): readonly string[] {
  if (examination === undefined) return [];
  const isIn = (text: string): boolean =>
    path === undefined || memberOf(parseLocator(text)) === path;
  const flows = examination.flows
    .filter(
      (one) =>
        (said === undefined || isSaidFlow(said, one)) && one.hops.some((hop) => isIn(hop.locator)),
    )
    .map(({ source, destination, hops }) => `${source} -> ${destination} ${hops.at(-1)!.locator}`);
  const features = examination.features
    .filter((one) => (said === undefined || isSaid(said, one)) && isIn(one.locator))
    .map(({ feature, locator }) => `${feature} ${locator}`);
  return [...new Set([...flows, ...features])].slice(0, MAX_CANDIDATES);
}
