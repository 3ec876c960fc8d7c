import type { NativeImage } from '../image.ts';
import { textAt } from '../strings.ts';

/** EI_OSABI (System V gABI, "ELF Identification"); 0 is every system, and 3 is Linux with GNU's extensions. */
const ABIS: Readonly<Record<number, string>> = {
  1: 'hpux',
  2: 'netbsd',
  4: 'hurd',
  6: 'solaris',
  7: 'aix',
  8: 'irix',
  9: 'freebsd',
  12: 'openbsd',
};

/** Sections of notes by which systems know their programs. */
const NOTES: Readonly<Record<string, string>> = {
  '.note.android.ident': 'android',
  '.note.netbsd.ident': 'netbsd',
  '.note.openbsd.ident': 'openbsd',
  '.note.ohos.ident': 'ohos',
};

/** Loaders that only one system has. */
const LOADERS: readonly (readonly [pattern: RegExp, system: string])[] = [
  [/^\/usr\/libexec\/ld-elf\.so/, 'freebsd'],
  [/^\/usr\/libexec\/ld\.elf_so/, 'netbsd'],
  [/^\/usr\/libexec\/ld\.so$/, 'openbsd'],
  [/^\/(?:usr\/)?lib\/(?:amd64|64)\/ld\.so\.1$/, 'solaris'],
];

/** The system that an ELF file is for: Linux where nothing of it says otherwise. */
export function elfSystemOf(image: NativeImage): string {
  const abi = ABIS[image.bytes[7] ?? 0];
  if (abi !== undefined) return abi;
  for (const { name } of image.sections) {
    const noted = NOTES[name];
    if (noted !== undefined) return noted;
  }
  const loader = image.sections.find(({ name }) => name === '.interp');
  const path = loader === undefined ? undefined : textAt(image, loader.rva);
  return LOADERS.find(([pattern]) => path !== undefined && pattern.test(path))?.[1] ?? 'linux';
}
