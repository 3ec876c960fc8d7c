import { readFileSync } from 'node:fs';
import type { ProductMember } from '@avow/formats/record';
import { Sight } from '../sight.ts';

/** Our rules as they are built, as examinations use them. */
export const SIGHT = new Sight(
  JSON.parse(
    readFileSync(new URL('../../../../../rules/records/update.json', import.meta.url), 'utf8'),
  ),
);

export function file(path: string, text: string): ProductMember {
  return { path, bytes: new TextEncoder().encode(text) };
}
