import { Refused } from '@avow/bytes';

/** One value of DER (X.690, 8 and 10). */
export interface DerNode {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

/** Refuses `clamav.external` for a length that is indefinite, too long or past the end. */
export function derAt(bytes: Uint8Array, at: number): DerNode {
  const tag = bytes[at];
  let length = bytes[at + 1];
  let start = at + 2;
  if (tag === undefined || length === undefined || length === 0x80 || length > 0x84)
    throw new Refused('clamav.external', at, 'no DER value');
  if (length > 0x80) {
    const size = length - 0x80;
    length = 0;
    for (let byte = 0; byte < size; byte++) length = length * 256 + (bytes[start + byte] ?? 0);
    start += size;
  }
  if (start + length > bytes.length)
    throw new Refused('clamav.external', at, `a value of ${length} bytes ends outside`);
  const end = start + length;
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

export function childrenOf(node: DerNode): DerNode[] {
  const children: DerNode[] = [];
  for (let at = 0; at < node.content.length; ) {
    const child = derAt(node.content, at);
    children.push(child);
    at += child.whole.length;
  }
  return children;
}

/** An object identifier in dots. */
export function oidOf(node: DerNode): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of node.content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  const first = numbers.shift() ?? 0;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...numbers].join('.');
}
