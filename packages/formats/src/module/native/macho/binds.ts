import { Refused } from '@avow/bytes';
import type { NativeImport } from '../image.ts';
import { Bound, type BoundName, walkChain } from './chains.ts';
import type { MachoFile } from './file.ts';
import { Stream } from './leb.ts';

/** Names in the table of a threaded stream: an ordinal has 16 bits. */
const MAX_ORDINALS = 65_536;

/** Links of a threaded stream are as chained fixups have them for arm64e. */
const THREADED_FORMAT = 1;

/**
 * Imports by dyld's bind opcodes (LC_DYLD_INFO, <mach-o/loader.h>): the
 * ordinary, weak and lazy streams. In a threaded stream, as arm64e had before
 * chained fixups, binds name the ordinals of chains that stand in the segments.
 */
export function bindsOf(file: MachoFile, at: number, size: number): NativeImport[] {
  if (size === 0) return [];
  const stream = new Stream(file.cursor, at, size);
  const found = new Bound(file);
  const { imports } = found;
  const step = file.header.bits / 8;
  let name = '';
  let ordinal = 0;
  let rva = 0;
  /** Names by ordinal, in a threaded stream. */
  let ordinals: BoundName[] | undefined;
  const bind = (): void => {
    if (ordinals !== undefined) {
      if (ordinals.length >= MAX_ORDINALS) {
        throw new Refused('macho.binds', stream.at, 'too many ordinals');
      }
      ordinals.push({ name, library: file.library(ordinal) });
      return;
    }
    found.count(rva);
    imports.push({ name, library: file.library(ordinal), slot: rva });
  };
  while (!stream.isDone) {
    const byte = stream.byte();
    const value = byte & 15;
    switch (byte & 0xf0) {
      case 0x00:
        break;
      case 0x10:
        ordinal = value;
        break;
      case 0x20:
        ordinal = stream.uleb();
        break;
      case 0x30:
        ordinal = value === 0 ? 0 : value - 16;
        break;
      case 0x40:
        name = stream.text();
        break;
      case 0x50:
        break;
      case 0x60:
        stream.sleb();
        break;
      case 0x70:
        rva = file.segmentRva(value) + stream.uleb();
        break;
      case 0x80:
        rva += stream.step();
        break;
      case 0x90:
        bind();
        rva += step;
        break;
      case 0xa0:
        bind();
        rva += step + stream.step();
        break;
      case 0xb0:
        bind();
        rva += step * (value + 1);
        break;
      case 0xc0: {
        const count = stream.uleb();
        const skip = stream.step();
        for (let index = 0; index < count; index += 1) {
          bind();
          rva += step + skip;
        }
        break;
      }
      case 0xd0:
        if (value === 0) {
          stream.uleb();
          ordinals = [];
        } else if (value === 1 && ordinals !== undefined) {
          walkChain(file, rva, THREADED_FORMAT, ordinals, found);
        } else throw new Refused('macho.binds', stream.at - 1, `threaded operation ${value}`);
        break;
      default:
        throw new Refused('macho.binds', stream.at - 1, `opcode 0x${byte.toString(16)}`);
    }
  }
  return imports;
}
