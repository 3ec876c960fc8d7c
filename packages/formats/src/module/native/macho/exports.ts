import { Refused } from '@avow/bytes';
import { MAX_NAME_BYTES } from '../text.ts';
import type { MachoFile } from './file.ts';
import { LC } from './header.ts';
import { Stream } from './leb.ts';

/** What a file gives to others, by its trie. */
export interface TrieExport {
  readonly name: string;
  readonly rva: number;
}

/** Nodes of one trie: the largest system libraries have some hundred thousand. */
const MAX_NODES = 2_000_000;

/** Characters of all names together; a trie of a kilobyte could spell out gigabytes. */
const MAX_CHARACTERS = 1 << 26;

const REEXPORT = 8;

/**
 * Exports by the trie of LC_DYLD_EXPORTS_TRIE or LC_DYLD_INFO
 * (<mach-o/loader.h>), which stays when symbols are stripped; what is given on
 * from another library has no place here and is left out.
 *
 * Refuses `macho.exports` for a trie that goes round in a circle or spells too much.
 */
export function exportsOf(file: MachoFile): TrieExport[] {
  const exports: TrieExport[] = [];
  for (const { type, at } of file.header.commands) {
    if (type === LC.exportsTrie) walkTrie(file, file.u32(at + 8), file.u32(at + 12), exports);
    else if (type === LC.dyldInfo || type === LC.dyldInfoOnly) {
      walkTrie(file, file.u32(at + 40), file.u32(at + 44), exports);
    }
  }
  return exports;
}

function walkTrie(file: MachoFile, start: number, size: number, exports: TrieExport[]): void {
  if (size === 0) return;
  const seen = new Set<number>();
  const left: { readonly node: number; readonly name: string }[] = [{ node: 0, name: '' }];
  let characters = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, name } = next;
    characters += name.length;
    const isTooMuch = seen.size >= MAX_NODES || characters > MAX_CHARACTERS;
    if (seen.has(node) || isTooMuch || name.length > MAX_NAME_BYTES || node >= size) {
      throw new Refused('macho.exports', start + node, 'the trie of exports is no tree of names');
    }
    seen.add(node);
    const stream = new Stream(file.cursor, start + node, size - node);
    const terminal = stream.uleb();
    const children = stream.at + terminal;
    if (terminal > 0 && (stream.uleb() & REEXPORT) === 0) {
      exports.push({ name, rva: stream.uleb() });
    }
    const edges = new Stream(file.cursor, children, Math.max(0, start + size - children));
    const count = edges.isDone ? 0 : edges.byte();
    for (let edge = 0; edge < count; edge += 1) {
      const text = name + edges.text();
      left.push({ node: edges.uleb(), name: text });
    }
  }
}
