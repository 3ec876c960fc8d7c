import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base 32: nothing in it is read as something else. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 26;

/** A receipt code: 130 bits, in groups for people. Shown once; its hash alone is kept. */
export function newCode(): string {
  // Five bits of each byte: as even as the bytes are.
  const letters = [...randomBytes(LENGTH)].map((byte) => LETTERS[byte & 31]!).join('');
  return letters.match(/.{1,5}/g)!.join('-');
}

/** Of a code, without its hyphens. A code has too many bits to be guessed from its hash. */
export function hashOfCode(code: string): string {
  return createHash('sha256')
    .update('avow receipt\n')
    .update(code.replaceAll('-', ''))
    .digest('hex');
}
