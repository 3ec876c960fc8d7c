/**
 * Compares imports with LLVM's tools: node tools/native/imports.ts FILE…
 *
 * Of PE files the set of (library, name) of imports and delay imports, of
 * Mach-O slices and ELF files the set of undefined symbols, has to be the same.
 * Files of other kinds are passed over. Skips without LLVM.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type NativeImage, type NativeKind, nativeKindOf, readNative } from '@avow/formats/native';

const MAX_OUTPUT = 1 << 28;

if (spawnSync('llvm-readobj', ['--version']).error !== undefined) {
  console.log('skipped: llvm-readobj is not here');
  process.exit(0);
}

let same = 0;
let different = 0;
let files = 0;
for (const path of process.argv.slice(2)) {
  const bytes = readFileSync(path);
  const kind = nativeKindOf(bytes);
  if (kind === undefined) continue;
  files += 1;
  const slices = readNative(bytes, kind);
  for (const { slice, image } of slices) {
    for (const { what, code, message } of image.unread) {
      console.log(`${path}: ${what} unread: ${code} ${message}`);
    }
    const ours = ourImports(image);
    const theirs = theirImports(path, kind, slice);
    const defined = definedNames(image);
    const extra = [...ours].filter((one) => !theirs.has(one) && !defined.has(one));
    const missed = [...theirs].filter((one) => !ours.has(one));
    same += ours.size - extra.length;
    different += extra.length + missed.length;
    for (const one of extra.slice(0, 5)) console.log(`${path} ${slice ?? ''}: only ours: ${one}`);
    for (const one of missed.slice(0, 5))
      console.log(`${path} ${slice ?? ''}: only LLVM's: ${one}`);
  }
}
console.log(`${files} files, ${same} imports the same, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;

function ourImports(image: NativeImage): Set<string> {
  const names = image.imports.map(({ name, library }) =>
    image.format === 'pe' ? `${library}!${name}` : name,
  );
  return new Set(names);
}

/** Weak definitions are bound too, so that a loader may take another library's. */
function definedNames({ symbols }: NativeImage): Set<string> {
  return new Set(Array.from({ length: symbols.count }, (_, index) => symbols.nameOf(index)));
}

function outputOf(program: string, ...args: readonly string[]): string {
  return spawnSync(program, args, { encoding: 'utf8', maxBuffer: MAX_OUTPUT }).stdout;
}

/** `Symbol: Name (12)`, or `Symbol:  (12)` for an import by number. */
function peImports(path: string): Set<string> {
  const found = new Set<string>();
  let library = '';
  for (const line of outputOf('llvm-readobj', '--coff-imports', path).split('\n')) {
    const name = /^\s+Name: (.*)$/.exec(line);
    if (name !== null) library = name[1]!.toLowerCase();
    const symbol = /^\s+Symbol: (.*) \((\d+)\)$/.exec(line);
    if (symbol !== null) found.add(`${library}!${symbol[1]!.trim() || `#${symbol[2]}`}`);
  }
  return found;
}

function theirImports(
  path: string,
  kind: NativeKind,
  slice: string | undefined,
): ReadonlySet<string> {
  switch (kind) {
    case 'pe':
      return peImports(path);
    case 'macho':
      return machoImports(path, slice);
    case 'elf':
      return elfImports(path);
    default:
      return kind satisfies never;
  }
}

/** Versions stand behind an `@`; programs without a dynamic table import nothing. */
function elfImports(path: string): Set<string> {
  const text = outputOf('llvm-nm', '--dynamic', '--undefined-only', '--just-symbol-name', path);
  const names = text.split('\n').filter((line) => line !== '' && !line.includes(' '));
  return new Set(names.map((name) => name.replace(/@.*$/, '')));
}

function machoImports(path: string, slice: string | undefined): Set<string> {
  const of = slice === undefined ? [] : [`--arch=${slice}`];
  const text = outputOf('llvm-nm', '--undefined-only', '--just-symbol-name', ...of, path);
  return new Set(text.split('\n').filter((line) => line !== '' && !line.includes(' ')));
}
