import { LocatorRefused, normaliseLocator, normalisePurl, parsePurl } from '@avow/locator';
import { readDocument } from './document.ts';

/** Of a text: hostile ones are not searched at length. */
const MAX_TEXT = 65_536;
const MAX_NAMES = 20;

/** Products that a claim's text names by a purl, with or without a version: what is looked up among the artifacts. */
export function namesIn(text: string): readonly string[] {
  const lines = readDocument(text)?.lines.join('\n') ?? text.slice(0, MAX_TEXT);
  const names = new Set<string>();
  for (const [found] of lines.matchAll(/pkg:[^\s#"'`<>()[\]{}]{1,1000}/gi)) {
    if (names.size >= MAX_NAMES) break;
    const name = nameIn(found.replace(/[.,;:!?]+$/, ''));
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

function nameIn(text: string): string | undefined {
  const purl = read(() => {
    const { target } = normaliseLocator(`${text} @all`);
    return target?.kind === 'purl' ? target.purl : undefined;
  });
  // Without a version it is no locator, and still names a product.
  const named = purl ?? read(() => normalisePurl(parsePurl(text)));
  return named && [named.type, ...named.namespace, named.name].join('/');
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof LocatorRefused) return undefined;
    throw error;
  }
}
