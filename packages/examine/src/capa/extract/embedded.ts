/** Places told; a file made of such headers has no more to say. */
const MAX_FOUND = 64;

/**
 * Offsets of PE files within a file, also where every byte is XORed with one
 * key: `MZ`, and at the distance that stands 0x3c bytes on, `PE`. The file's
 * own header is not among them.
 */
export function embeddedPeAt(bytes: Uint8Array): number[] {
  const found: number[] = [];
  const end = bytes.length - 0x40;
  for (let at = 1; at < end && found.length < MAX_FOUND; at += 1) {
    const key = bytes[at]! ^ 0x4d;
    if ((bytes[at + 1]! ^ key) !== 0x5a) continue;
    const distance =
      ((bytes[at + 0x3c]! ^ key) |
        ((bytes[at + 0x3d]! ^ key) << 8) |
        ((bytes[at + 0x3e]! ^ key) << 16) |
        ((bytes[at + 0x3f]! ^ key) << 24)) >>>
      0;
    const header = at + distance;
    if (header + 1 >= bytes.length) continue;
    if ((bytes[header]! ^ key) === 0x50 && (bytes[header + 1]! ^ key) === 0x45) found.push(at);
  }
  return found;
}
