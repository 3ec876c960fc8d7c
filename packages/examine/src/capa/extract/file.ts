import { elfSystemOf, type NativeImage, rvaOf, SymbolFlag } from '@avow/formats/native';
import type { AskedFeatures } from '../match/asked.ts';
import { add, type Found, WHOLE } from '../match/test.ts';
import { fullNamesOfImport } from './apis.ts';
import { embeddedPeAt } from './embedded.ts';
import { fileTexts } from './texts.ts';

/** What the file shows without its code: tables, names, texts. */
export function fileFeatures(image: NativeImage, asked: AskedFeatures): Found {
  const found: Found = new Map();
  for (const one of image.imports) {
    for (const name of fullNamesOfImport(image.format, one)) {
      add(found, asked.named('import', name), one.slot ?? WHOLE);
    }
  }
  for (const { name, rva } of image.sections) {
    // Mach-O writes the segment before the section.
    add(found, asked.named('section', name.replace(/^.*,/, '')), rva);
  }
  symbolFeatures(image, asked, found);
  for (const { at, text } of fileTexts(image.bytes)) {
    const ids = asked.fileTexts.idsOf(text);
    if (ids.length === 0) continue;
    const rva = rvaOf(image, at) ?? WHOLE;
    for (const id of ids) add(found, id, rva);
  }
  const embedded = asked.named('characteristic', 'embedded pe');
  if (embedded >= 0) {
    for (const at of embeddedPeAt(image.bytes)) add(found, embedded, rvaOf(image, at) ?? WHOLE);
  }
  return found;
}

function symbolFeatures(image: NativeImage, asked: AskedFeatures, found: Found): void {
  const { symbols } = image;
  for (let index = 0; index < symbols.count; index += 1) {
    const flags = symbols.flags[index]!;
    let name: string;
    try {
      name = symbols.nameOf(index).replace(/@.*$/, '');
    } catch {
      // A name that does not end names nothing; whoever reads symbols lists the table.
      continue;
    }
    const rva = symbols.rva[index]!;
    if ((flags & SymbolFlag.exported) !== 0) add(found, asked.named('export', name), rva);
    if ((flags & SymbolFlag.function) !== 0) add(found, asked.named('function-name', name), rva);
  }
  for (const { name, to } of image.forwards ?? []) {
    add(found, asked.named('characteristic', 'forwarded export'), WHOLE);
    add(found, asked.named('export', name), WHOLE);
    const dot = to.lastIndexOf('.');
    const full = `${to.slice(0, dot).toLowerCase()}${to.slice(dot)}`;
    add(found, asked.named('export', full), WHOLE);
  }
}

/** Features that every scope has: system, processor, format. */
export function globalFeatures(image: NativeImage, asked: AskedFeatures): readonly number[] {
  const ids = [
    asked.named('os', 'any'),
    asked.named('os', osOf(image)),
    asked.named('arch', 'any'),
    asked.named('arch', ARCHITECTURES[image.architecture] ?? ''),
    asked.named('format', image.format),
  ];
  return ids.filter((id) => id >= 0);
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86: 'i386',
  'x86-64': 'amd64',
  aarch64: 'aarch64',
};

function osOf(image: NativeImage): string {
  switch (image.format) {
    case 'pe':
      return 'windows';
    case 'macho':
      return 'macos';
    case 'elf':
      return elfSystemOf(image);
    default:
      return image.format satisfies never;
  }
}
