import type { Why } from '@avow/bytes';
import { type NativeProductModule, nativeUnknowns } from '../native/product.ts';
import type { Unknown } from '../result.ts';
import type { ProductFlows } from './flows.ts';
import { compareTexts } from './identity.ts';
import { type InlineModule, inlineUnknowns } from './inline.ts';
import { type Locators, linePlace } from './locators.ts';
import type { ProductModule } from './module.ts';
import { folderOf, joined } from './resolve.ts';
import type { Survey } from './survey.ts';

/** All that could not be told of a product, in the order of paths and places. */
export function unknownsOf(
  found: Survey,
  scripts: readonly ProductModule[],
  natives: readonly NativeProductModule[],
  inline: readonly InlineModule[],
  unfinished: ProductFlows['unfinished'],
  locators: Locators,
): Unknown[] {
  const unknowns: { path: string; start: number; unknown: Unknown }[] = [];
  const whole = (path: string, why: Why) => {
    const locator = locators.print(path, { kind: 'all' });
    unknowns.push({ path, start: 0, unknown: { feature: 'opaque.unanalysed', locator, why } });
  };
  for (const { path, reading } of scripts) {
    if (reading.unknowns.length === 0 && reading.why !== undefined) whole(path, reading.why);
    for (const { feature, place, why } of reading.unknowns) {
      const locator = locators.print(path, linePlace(place));
      unknowns.push({ path, start: place.start, unknown: { feature, locator, why } });
    }
  }
  for (const module of natives) {
    for (const { path, place, order, ...unknown } of nativeUnknowns(module)) {
      const locator = locators.print(path, place);
      unknowns.push({ path, start: order, unknown: { ...unknown, locator } });
    }
  }
  for (const module of inline) {
    const { path, place } = module;
    for (const unknown of inlineUnknowns(module)) {
      const locator = locators.print(path, linePlace(place));
      unknowns.push({ path, start: place.start, unknown: { ...unknown, locator } });
    }
  }
  const isLinkWithin = linksWithin(found);
  for (const { path, why } of found.odd) if (!isLinkWithin(path, why)) whole(path, why);
  for (const { path, why } of found.others) if (why !== undefined) whole(path, why);
  for (const { path, why } of found.unread) whole(path, why);
  for (const { path, message } of unfinished) whole(path, { code: 'flow.unfinished', message });
  unknowns.sort((a, b) => compareTexts(a.path, b.path) || a.start - b.start);
  return unknowns.map(({ unknown }) => unknown);
}

/** Whether a link leads to a member of the product, or to a folder of some: it is read there. */
function linksWithin({ links, paths }: Survey): (path: string, why: Why) => boolean {
  if (links.size === 0) return () => false;
  const folders = new Set<string>();
  for (const path of paths) {
    let folder = folderOf(path);
    for (; folder !== '' && !folders.has(folder); folder = folderOf(folder)) folders.add(folder);
  }
  return (path, { code }) => {
    const link = links.get(path);
    if (code !== 'container.link' || link === undefined || link.startsWith('/')) return false;
    const target = joined(folderOf(path), link);
    return target !== undefined && (paths.has(target) || folders.has(target));
  };
}
