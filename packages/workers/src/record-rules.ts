import { existsSync, readFileSync } from 'node:fs';
import type { RecordRules } from '@avow/examine';

/** Beside the compiled code where it is installed; at the tree's root where it runs from sources. */
const PLACES = ['../rules/records/update.json', '../../../rules/records/update.json'];

/** The rule database for records that comes with this code. */
export function recordRules(): RecordRules {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (place === undefined)
    throw new Error('rules/records/update.json is missing from this installation');
  return JSON.parse(readFileSync(place, 'utf8')) as RecordRules;
}
