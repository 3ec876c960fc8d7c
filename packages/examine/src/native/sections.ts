import type { NativeImage, Section } from '@avow/formats/native';
import { hexAddress } from './address.ts';
import type { NativeUnknown } from './reading.ts';

/**
 * Sections that packers leave, by name. Source: their own tools' output; the
 * names are a convention that a packer may drop, so entropy is measured too.
 */
const PACKERS: readonly (readonly [pattern: RegExp, packer: string])[] = [
  [/^UPX[0-9!]/, 'UPX'],
  [/^\.?(vmp\d|VMProtect)/, 'VMProtect'],
  [/^\.?(themida|winlice)/i, 'Themida'],
  [/^\.?(enigma[12])/, 'Enigma'],
  [/^\.?(aspack|adata)/, 'ASPack'],
  [/^\.?MPRESS[12]/, 'MPRESS'],
  [/^\.?petite/i, 'Petite'],
  [/^\.?nsp[012]/, 'NsPack'],
  [/^PEC2/, 'PECompact'],
];

/** Bits a byte above which code is compressed or encrypted: machine code has 5.5 to 6.8. */
const PACKED_BITS = 7.5;

/** Below this the measure says nothing. */
const MIN_MEASURED = 4096;

/** Executable sections that are packed or encrypted, by their names and by the entropy of their bytes. */
export function packedSections(image: NativeImage, slice: string | undefined): NativeUnknown[] {
  const found: NativeUnknown[] = [];
  for (const section of image.sections) {
    const message = packedBy(image, section);
    if (message === undefined) continue;
    found.push({
      feature: 'opaque.obfuscated',
      place: {
        kind: 'va',
        address: hexAddress(image, section.rva),
        ...(slice === undefined ? {} : { slice }),
      },
      why: { code: 'native.packed', message },
    });
  }
  return found;
}

function packedBy(image: NativeImage, section: Section): string | undefined {
  const bare = section.name.replace(/^.*,/, '');
  const packer = PACKERS.find(([pattern]) => pattern.test(bare))?.[1];
  if (packer !== undefined) return `section ${bare} is one that ${packer} makes`;
  if (!section.executable || section.offset === undefined || section.size < MIN_MEASURED) {
    return undefined;
  }
  const bits = entropyOf(image.bytes.subarray(section.offset, section.offset + section.size));
  if (bits <= PACKED_BITS) return undefined;
  return `code in ${bare} has ${bits.toFixed(2)} bits a byte: compressed or encrypted`;
}

/** Shannon entropy in bits a byte. */
export function entropyOf(bytes: Uint8Array): number {
  // Two bytes at a time: half the additions.
  const pairs = new Uint32Array(65_536);
  const even = bytes.length & ~1;
  for (let at = 0; at < even; at += 2) pairs[bytes[at]! | (bytes[at + 1]! << 8)]! += 1;
  const counts = new Uint32Array(256);
  pairs.forEach((count, pair) => {
    counts[pair & 255]! += count;
    counts[pair >> 8]! += count;
  });
  if (even < bytes.length) counts[bytes[even]!]! += 1;
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  }
  return bits;
}
