/** Among names: stands for any `new`, since no name has a blank. */
export const CONSTRUCTS = 'new ';

/** FNV-1a, 32 bits (Fowler, Noll, Vo), over code units. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Bits for each name: of names that are not there, one in eight seems to be. */
const BITS = 8;

/** Whether a script of these names may call what is called so. */
export function mayCall(called: string, name: string): boolean {
  const bit = hashOf(name) & (called.length * 4 - 1);
  return (Number.parseInt(called[bit >>> 2]!, 16) & (1 << (bit & 3))) !== 0;
}

/** Whether such a script may construct anything. */
export function mayConstruct(called: string): boolean {
  return mayCall(called, CONSTRUCTS);
}

/** One bit for the hash of each name, as hex digits. */
export function bitsOf(names: readonly string[]): string {
  const size = 2 ** Math.max(6, Math.ceil(Math.log2(Math.max(1, names.length * BITS))));
  const digits = new Uint8Array(size / 4);
  for (const name of names) {
    const bit = hashOf(name) & (size - 1);
    digits[bit >>> 2]! |= 1 << (bit & 3);
  }
  let text = '';
  for (const digit of digits) text += digit.toString(16);
  return text;
}

function hashOf(name: string): number {
  let hash = OFFSET;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), PRIME);
  }
  return hash ^ (hash >>> 15);
}
