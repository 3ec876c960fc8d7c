import { existsSync, readFileSync } from 'node:fs';
import { type Rules, readRules } from '@avow/examine/rules';

/** Beside the published code, or in the repository. */
const PLACES = ['../rules/update.json', '../../../rules/update.json'];

/** The rule database that comes with this code. Refuses as `readRules`. */
export function rules(): Rules {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (place === undefined) throw new Error('rules/update.json is missing from this installation');
  return readRules(readFileSync(place, 'utf8'));
}
