import { readElf } from './elf/elf.ts';
import { withGoNames } from './go.ts';
import type { NativeImage } from './image.ts';
import { isFat, readFat } from './macho/header.ts';
import { readMacho } from './macho/macho.ts';
import { readPe } from './pe/pe.ts';

export type NativeKind = 'elf' | 'pe' | 'macho';

/** Which kind of native module the first bytes announce; undefined for none. */
export function nativeKindOf(bytes: Uint8Array): NativeKind | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46) return 'elf';
  if (a === 0x4d && b === 0x5a) return 'pe';
  const isThin = (a === 0xce || a === 0xcf) && b === 0xfa && c === 0xed && d === 0xfe;
  const isSwapped = a === 0xfe && b === 0xed && c === 0xfa && (d === 0xce || d === 0xcf);
  return isThin || isSwapped || isFat(bytes) ? 'macho' : undefined;
}

/** One image of a module: a fat Mach-O file has one a slice. */
export interface NativeSlice {
  /** `arm64`, for the locator's `!/arm64`; undefined where the file is one image. */
  readonly slice: string | undefined;
  /** Offset of the slice in the file, in bytes. */
  readonly offset: number;
  readonly image: NativeImage;
}

/** Every image of a native module. Refuses as the format's reader does. */
export function readNative(bytes: Uint8Array, kind: NativeKind): NativeSlice[] {
  switch (kind) {
    case 'elf':
      return [{ slice: undefined, offset: 0, image: withGoNames(readElf(bytes)) }];
    case 'pe':
      return [{ slice: undefined, offset: 0, image: withGoNames(readPe(bytes)) }];
    case 'macho':
      if (!isFat(bytes))
        return [{ slice: undefined, offset: 0, image: withGoNames(readMacho(bytes)) }];
      return readFat(bytes).map(({ architecture, offset, size }) => ({
        slice: architecture,
        offset,
        image: withGoNames(readMacho(bytes.subarray(offset, offset + size))),
      }));
  }
}
