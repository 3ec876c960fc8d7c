import { existsSync, readFileSync } from 'node:fs';
import type { CapaWords } from '@avow/examine/capa';

/** Beside the published code, or in the repository. */
const PLACES = ['../rules/capa/words.json', '../../../rules/capa/words.json'];

/** Which words of the vocabulary the namespaces of capa's rules have. Refuses as `readCapaWords`. */
export async function capaWords(): Promise<CapaWords> {
  const { readCapaWords } = await import('@avow/examine/capa');
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (place === undefined)
    throw new Error('rules/capa/words.json is missing from this installation');
  return readCapaWords(readFileSync(place, 'utf8'));
}
