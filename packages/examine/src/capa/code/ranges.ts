import type { MappedRange, NativeImage } from '@avow/formats/native';

/**
 * The executable or the other mapped ranges of an image, no byte of the file in
 * two of them: a hostile file lays ten thousand over one another.
 */
export function rangesOf(
  { ranges, bytes }: Pick<NativeImage, 'ranges' | 'bytes'>,
  executable: boolean,
): MappedRange[] {
  const found: MappedRange[] = [];
  let end = 0;
  const wanted = ranges.filter((range) => range.executable === executable);
  for (const range of wanted.toSorted((a, b) => a.offset - b.offset || a.rva - b.rva)) {
    const skipped = Math.max(0, end - range.offset);
    const fileSize = Math.min(range.fileSize, bytes.length - range.offset);
    if (fileSize <= skipped) continue;
    const { rva, offset } = range;
    found.push({
      ...range,
      rva: rva + skipped,
      offset: offset + skipped,
      fileSize: fileSize - skipped,
    });
    end = offset + fileSize;
  }
  return found;
}

/**
 * The image with the range of its entry point executable, whatever its flag
 * says: old programs, and those that unpack themselves, start in data.
 */
export function withEntryAsCode(image: NativeImage): NativeImage {
  const { ranges, entryPoints } = image;
  const isEntered = ({ rva, fileSize }: MappedRange): boolean =>
    entryPoints.some((entry) => entry.rva >= rva && entry.rva < rva + fileSize);
  if (!ranges.some((range) => !range.executable && isEntered(range))) return image;
  return {
    ...image,
    ranges: ranges.map((range) => (isEntered(range) ? { ...range, executable: true } : range)),
  };
}
