import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import {
  type NativeImage,
  type NativeKind,
  readNative,
  sweepCode,
  visitArguments,
} from './index.ts';
import { ELF, elfOf } from './testdata/elf.ts';
import { CHAINED, chainedMachoOf, fatOf, MACHO, machoOf } from './testdata/macho.ts';
import { PE, peOf } from './testdata/pe.ts';

const HUGE = 0xffff_ffff;

/** Far more than any of these takes; an unbounded loop takes minutes. */
const MAX_MILLISECONDS = 5_000;

/** A file that lies, of a few kilobytes, and what its reader makes of it: a code, or nothing amiss. */
interface Hostile {
  readonly what: string;
  readonly kind: NativeKind;
  readonly bytes: () => Uint8Array;
  /** Of the refusal, or of the first table that is not read; undefined where all is read. */
  readonly code?: string;
}

function changed(
  bytes: Uint8Array<ArrayBuffer>,
  change: (view: DataView) => unknown,
): Uint8Array<ArrayBuffer> {
  change(new DataView(bytes.buffer));
  return bytes;
}

const PE_SECTIONS = 0x58 + 0xf0;
const PE_DIRECTORY = 0x58 + 112;
/** A resource folder of one entry, in the data of the PE image. */
const FOLDER = 0x5a0;

const HOSTILE: readonly Hostile[] = [
  {
    what: 'a segment and a section of four gigabytes',
    kind: 'elf',
    bytes: () =>
      changed(elfOf(), (view) => {
        for (const at of [ELF.programHeaders + 32, ELF.programHeaders + 40, ELF.sections + 96]) {
          view.setBigUint64(at, BigInt(HUGE), true);
        }
      }),
  },
  {
    what: 'a section of four gigabytes',
    kind: 'pe',
    bytes: () =>
      changed(peOf(), (view) => {
        view.setUint32(PE_SECTIONS + 8, HUGE, true);
        view.setUint32(PE_SECTIONS + 16, HUGE, true);
      }),
    // It lies over the imports of the next one.
    code: 'pe.address',
  },
  {
    what: 'a segment and a section of four gigabytes',
    kind: 'macho',
    bytes: () =>
      changed(chainedMachoOf(6), (view) => {
        for (const at of [32 + 32, 32 + 48, 104 + 40]) view.setBigUint64(at, BigInt(HUGE), true);
      }),
  },
  {
    what: 'two sections over the same bytes and addresses',
    kind: 'pe',
    bytes: () => {
      const bytes = peOf();
      bytes.copyWithin(PE_SECTIONS + 40 + 8, PE_SECTIONS + 8, PE_SECTIONS + 40);
      return bytes;
    },
    code: 'pe.address',
  },
  {
    what: 'two segments over the same bytes and addresses',
    kind: 'macho',
    bytes: () => {
      const bytes = machoOf();
      bytes.copyWithin(104 + 24, 32 + 24, 32 + 64);
      return bytes;
    },
  },
  {
    what: 'a relocation of a symbol that is not there',
    kind: 'elf',
    bytes: () =>
      changed(elfOf(), (view) => view.setUint32(ELF.relocations + 12, 0x7fff_ffff, true)),
    code: 'elf.symbols',
  },
  {
    what: 'a relocation at the end of the address space',
    kind: 'elf',
    bytes: () =>
      changed(elfOf(), (view) => view.setBigUint64(ELF.relocations, 0xffff_ffff_ffff_fff8n, true)),
  },
  {
    what: 'a bind at the end of the address space',
    kind: 'macho',
    // Segment 1 at the largest offset, then the bind.
    bytes: () => {
      const bytes = machoOf();
      const at = MACHO.binds + 11;
      bytes.set([0x71, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x90, 0x00], at);
      return changed(bytes, (view) => view.setUint32(176 + 20, 22, true));
    },
  },
  {
    what: 'a chain that leaves its segment',
    kind: 'macho',
    bytes: () =>
      changed(chainedMachoOf(9), (view) => view.setUint32(CHAINED.slots + 4, 0xfff8_0000, true)),
    code: 'macho.address',
  },
  {
    what: 'a resource folder that holds itself',
    kind: 'pe',
    bytes: () =>
      changed(peOf(), (view) => {
        view.setUint32(PE_DIRECTORY + 16, PE.data + FOLDER - 0x400, true);
        view.setUint32(PE_DIRECTORY + 20, 0x40, true);
        view.setUint16(FOLDER + 14, 1, true);
        view.setUint32(FOLDER + 16, 16, true);
        view.setUint32(FOLDER + 20, 0x8000_0000, true);
      }),
  },
  {
    what: 'imports whose table is the table of imports',
    kind: 'pe',
    bytes: () =>
      changed(peOf(), (view) => {
        view.setUint32(0x400, PE.data, true);
        view.setUint32(0x410, PE.data, true);
      }),
    code: 'pe.address',
  },
  {
    what: 'a trie whose nodes go round',
    kind: 'macho',
    bytes: () => changed(machoOf(), (view) => view.setUint8(MACHO.exports + 7, 0)),
    code: 'macho.exports',
  },
  {
    what: 'a fat file within a fat file',
    kind: 'macho',
    bytes: () => fatOf(fatOf(machoOf())),
    code: 'macho.slice',
  },
  {
    what: 'a fat file of itself',
    kind: 'macho',
    bytes: () =>
      changed(fatOf(machoOf()), (view) => {
        view.setUint32(8 + 8, 0, false);
        view.setUint32(8 + 12, 0x2000, false);
      }),
    code: 'macho.slice',
  },
];

for (const { what, kind, bytes, code } of HOSTILE) {
  test(`${kind}: ${what} is ${code ?? 'read'}, and costs no more than the file`, () => {
    const file = bytes();
    const started = performance.now();
    assert.equal(codeOf(file, kind), code);
    assert.ok(performance.now() - started < MAX_MILLISECONDS);
  });
}

/** Reads and sweeps all of it; gives the code of what was refused. */
function codeOf(bytes: Uint8Array, kind: NativeKind): string | undefined {
  try {
    const images = readNative(bytes, kind).map(({ image }) => image);
    for (const image of images) sweep(image, bytes);
    return images[0]!.unread[0]?.code;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

function sweep(image: NativeImage, { length }: Uint8Array): void {
  const code = sweepCode(image);
  assert.ok(code.sweptBytes <= length, `${code.sweptBytes} bytes swept of ${length}`);
  visitArguments(
    image,
    code,
    () => true,
    () => {},
  );
}

const CUT: Readonly<Record<string, () => Uint8Array>> = {
  elf: elfOf,
  pe: peOf,
  macho: machoOf,
  chained: () => chainedMachoOf(12),
  fat: () => fatOf(machoOf()),
};

for (const [what, make] of Object.entries(CUT)) {
  test(`${what}: cut at any byte, it is read in part or refused with a code`, () => {
    const whole = make();
    const kind = what === 'elf' || what === 'pe' ? what : 'macho';
    for (let length = 0; length < whole.length; length += 1) {
      const code = codeOf(whole.slice(0, length), kind);
      assert.ok(code === undefined || /^(?:elf|pe|macho|native)\./.test(code), code);
    }
  });
}
