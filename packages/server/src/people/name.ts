import { Refused } from '@avow/bytes';

/**
 * A name as others see it: NFC, one space between words.
 *
 * Refuses `account.name` for letters that cannot be seen or change the direction
 * of reading, and for names that are nothing but marks.
 */
export function displayName(typed: string): string {
  const name = typed.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new Refused('account.name', undefined, 'a name has letters that can be seen');
  }
  if (!/[\p{L}\p{N}]/u.test(name)) {
    throw new Refused('account.name', undefined, 'a name has at least one letter or digit');
  }
  return name;
}

/** Names that differ in case, accents, width or marks alone are one name. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{P}\p{Z}\p{C}\p{S}]/gu, '')
    .toLowerCase()
    .normalize('NFKC');
}
