import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import {
  functionAt,
  type NativeImage,
  nativeKindOf,
  offsetOf,
  readNative,
  rvaOf,
  rvaOfVa,
  SiteKind,
  sectionAt,
  sweepCode,
  textAt,
  vaOf,
  visitArguments,
} from './index.ts';
import { callFirstImport, ELF, elfOf } from './testdata/elf.ts';
import { CHAINED, chainedMachoOf, fatOf, MACHO, machoOf } from './testdata/macho.ts';
import { PE, PE_SLOTS, PE_TEXT, peOf } from './testdata/pe.ts';

function imageOf(bytes: Uint8Array): NativeImage {
  return readNative(bytes, nativeKindOf(bytes)!)[0]!.image;
}

/** Sites as people would write them: address, kind, import, first argument. */
function sitesOf(image: NativeImage): unknown[] {
  const code = sweepCode(image);
  const found: unknown[] = [];
  visitArguments(
    image,
    code,
    () => true,
    ({ site, values }) => {
      const kind = Object.entries(SiteKind).find(([, value]) => value === code.sites.kind[site]);
      const name = image.imports[code.sites.target[site]!]?.name;
      const first = values[0];
      const text = first?.kind === 'address' ? textAt(image, first.value) : first?.value;
      found.push([code.sites.rva[site], kind![0], name, text]);
    },
  );
  return found;
}

const IMAGES: Readonly<Record<string, () => Uint8Array>> = { elf: elfOf, pe: peOf, macho: machoOf };

test('a call through a stub has its import and its text, in each format', () => {
  assert.deepEqual(sitesOf(imageOf(elfOf())).at(-1), [ELF.code + 7, 'call', 'getenv', 'HOME']);
  assert.deepEqual(sitesOf(imageOf(peOf())), [[PE.text + 12, 'call', 'CreateFileW', 'C:\\x']]);
  assert.deepEqual(sitesOf(imageOf(machoOf())).at(-1), [MACHO.code + 4, 'call', '_getenv', 'HOME']);
});

test('a stub is not a call of what it stands for', () => {
  const kinds = sitesOf(imageOf(elfOf())).map((site) => (site as unknown[])[1]);
  assert.deepEqual(kinds, ['stub', 'call']);
});

test('what a jump goes to forgets the arguments before it', () => {
  const [a, b, c, d, e, f, g, ...call] = callFirstImport();
  // The jump at the end goes to the call: HOME may not be what getenv is given.
  const code = [a!, b!, c!, d!, e!, f!, g!, ...call, 0xeb, 0x100 - 8];
  assert.deepEqual(sitesOf(imageOf(elfOf({ code }))).at(-1), [
    ELF.code + 7,
    'call',
    'getenv',
    Number.NaN,
  ]);
});

test('addresses translate both ways at the first and last byte, and no further', () => {
  const image = imageOf(peOf());
  const rows: [rva: number, offset: number | undefined][] = [
    [0, 0],
    [0x1ff, 0x1ff],
    [0x200, undefined],
    [PE.text, 0x200],
    [PE.text + 0x1ff, 0x3ff],
    [PE.text + 0x200, undefined],
    [PE.data, 0x400],
    [PE.data + 0x1ff, 0x5ff],
    [PE.data + 0x200, undefined],
  ];
  for (const [rva, offset] of rows) {
    assert.equal(offsetOf(image, rva), offset, `0x${rva.toString(16)}`);
    if (offset !== undefined) assert.equal(rvaOf(image, offset), rva);
  }
  assert.equal(vaOf(image, PE.text), BigInt(PE.base + PE.text));
  assert.equal(rvaOfVa(image, BigInt(PE.base)), 0);
  assert.equal(rvaOfVa(image, BigInt(PE.base) - 1n), undefined);
  assert.equal(sectionAt(image, PE.text)?.name, '.text');
  assert.equal(sectionAt(image, PE.text - 1), undefined);
});

test('the hash table of S/390 counts symbols in words of 64 bits', () => {
  const bytes = elfOf({ machine: 22 });
  new DataView(bytes.buffer).setBigUint64(ELF.hash + 8, 2n, true);
  const { imports, unread } = imageOf(bytes);
  assert.deepEqual(unread, []);
  assert.deepEqual(
    imports.map(({ name }) => name),
    ['getenv'],
  );
});

test('zero is an address: a function may start there', () => {
  const image = imageOf(elfOf());
  assert.equal(offsetOf(image, 0), 0);
  const functions = {
    count: 1,
    start: Float64Array.of(0),
    end: Float64Array.of(4),
    symbol: Int32Array.of(-1),
  };
  assert.equal(functionAt(functions, 0), 0);
  assert.equal(functionAt(functions, 3), 0);
  assert.equal(functionAt(functions, 4), -1);
});

test('a file that is loaded elsewhere than zero gives the same RVAs', () => {
  const image = imageOf(elfOf({ base: 0x400000 }));
  assert.equal(image.base, 0x400000n);
  assert.deepEqual(sitesOf(image).at(-1), [ELF.code + 7, 'call', 'getenv', 'HOME']);
});

test('a number alone is an import by number', () => {
  const image = imageOf(peOf({ library: 'WS2_32.dll', imports: ['#4', 'send'] }));
  assert.deepEqual(
    image.imports.map(({ name, library, slot }) => [name, library, slot]),
    [
      ['#4', 'ws2_32.dll', PE_SLOTS],
      ['send', 'ws2_32.dll', PE_SLOTS + 8],
    ],
  );
  assert.equal(textAt(image, PE_TEXT), 'C:\\x');
});

test('a fat file has an image a slice; one within another is refused', () => {
  const fat = fatOf(machoOf(), machoOf('_open'));
  const slices = readNative(fat, 'macho');
  assert.deepEqual(
    slices.map(({ offset, image }) => [offset, image.imports[0]?.name]),
    [
      [0x1000, '_getenv'],
      [0x2000, '_open'],
    ],
  );
  assert.throws(() => readNative(fatOf(fatOf(machoOf())), 'macho'), { code: 'macho.slice' });
  const overlapping = fatOf(machoOf(), machoOf());
  new DataView(overlapping.buffer).setUint32(8 + 20 + 8, 0x1001, false);
  assert.throws(() => readNative(overlapping, 'macho'), { code: 'macho.slice' });
});

/** One change to a right image, and the code it is refused or reported with. */
const BROKEN: readonly (readonly [
  what: string,
  of: keyof typeof IMAGES,
  at: number,
  value: number,
  code: string,
])[] = [
  ['a class that does not exist', 'elf', 4, 3, 'elf.class'],
  ['a byte order that does not exist', 'elf', 5, 0, 'elf.byte-order'],
  ['65,535 program headers', 'elf', 56, 0xffff_0038, 'elf.table'],
  ['sections beyond the file', 'elf', 40, 0x7fff_ffff, 'elf.truncated'],
  ['section headers of four bytes', 'elf', 58, 4 | (3 << 16), 'elf.header-size'],
  ['a billion dynamic symbols', 'elf', ELF.hash + 4, 0x3fff_ffff, 'elf.symbols'],
  ['relocations beyond the file', 'elf', ELF.dynamic + 6 * 16 + 8, 0x7000_0000, 'elf.relocations'],
  ['no PE after MZ', 'pe', 0x40, 0, 'pe.signature'],
  ['a PE header beyond the file', 'pe', 0x3c, 0x7fff_ffff, 'pe.truncated'],
  ['a ROM image', 'pe', 0x58, 0x107, 'pe.optional-header'],
  ['sections beyond a loader', 'pe', 0x44, 0xffff_8664, 'pe.sections'],
  ['imports that are nowhere', 'pe', 0x58 + 112 + 8, 0x00ff_0000, 'pe.address'],
  ['four billion load commands', 'macho', 16, 0xffff_ffff, 'macho.commands'],
  ['a load command of no bytes', 'macho', 36, 0, 'macho.commands'],
  ['a load command beyond the file', 'macho', 36, 0x7fff_fff8, 'macho.truncated'],
  ['an opcode that does not exist', 'macho', MACHO.binds, 0xf0f0_f0f0, 'macho.binds'],
  ['a trie that goes round', 'macho', MACHO.exports + 7, 0x8000_0300, 'macho.exports'],
  ['a trie beyond the file', 'macho', 176 + 40, 0x7fff_ffff, 'macho.truncated'],
  ['binds beyond the file', 'macho', 176 + 16, 0x7fff_ffff, 'macho.truncated'],
];

for (const [what, of, at, value, code] of BROKEN) {
  test(`${of}: ${what} is ${code}`, () => {
    const bytes = IMAGES[of]!();
    new DataView(bytes.buffer).setUint32(at, value, true);
    assert.deepEqual(codesOf(bytes, of as 'elf'), code);
  });
}

/** The code of the refusal, or of the first table that was left out. */
function codesOf(bytes: Uint8Array, kind: 'elf' | 'pe' | 'macho'): string | undefined {
  try {
    return readNative(bytes, kind)[0]!.image.unread[0]?.code;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

test('aligned code behind padding is a function, unless a jump goes there', () => {
  const starts = (first: readonly number[]): number[] => {
    const code = [...first, ...new Array<number>(16 - first.length).fill(0xcc), 0x55, 0xc3];
    const { functions } = sweepCode(imageOf(elfOf({ code, imports: [] })));
    return [...functions.start];
  };
  assert.ok(starts([0xc3]).includes(ELF.code + 16));
  // jmp +14
  assert.ok(!starts([0xeb, 14]).includes(ELF.code + 16));
});

test('a file without imports is swept like any other', () => {
  const code = sweepCode(imageOf(elfOf({ imports: [] })));
  assert.equal(code.sites.count, 0);
  assert.equal(code.calls.count, 1);
});

test('sections over one another cost no more than the bytes that they lie over', () => {
  const bytes = elfOf();
  // The table of names becomes a second executable section over the first.
  bytes.copyWithin(ELF.sections + 128, ELF.sections + 64, ELF.sections + 128);
  assert.equal(sweepCode(imageOf(bytes)).sweptBytes, ELF.text - ELF.stub);
});

/** Code of blocks, each padded with INT3 to the next 16 bytes; `ELF.code` is aligned. */
function blocks(...each: readonly (readonly number[])[]): number[] {
  return each.flatMap((block) => [
    ...block,
    ...new Array<number>((16 - (block.length % 16)) % 16).fill(0xcc),
  ]);
}

test('without any table a function is found behind padding, but no case of a switch', () => {
  const table = ELF.text;
  const at = (block: number): number => ELF.code + 16 * block;
  const le = (value: number): number[] => [0, 8, 16, 24].map((bits) => (value >> bits) & 255);
  const code = blocks(
    // lea rax, [table]; movsxd rdx, [rax + rdx * 4]; add rax, rdx
    [0x48, 0x8d, 0x05, ...le(table - (at(0) + 7)), 0x48, 0x63, 0x14, 0x90, 0x48, 0x01, 0xd0],
    [0xff, 0xe0],
    [0x31, 0xc0, 0xc3],
    [0xff, 0xc0, 0xc3],
    [0x55, 0x5d, 0xc3],
  );
  const bytes = elfOf({ code, texts: [] });
  bytes.set([...le(at(2) - table), ...le(at(3) - table), ...le(0x7fffffff)], table);
  const { functions } = sweepCode(imageOf(bytes));
  const starts = Array.from(functions.start).filter((start) => start >= ELF.code);
  assert.deepEqual(starts, [at(0), at(4)]);
});

test('an export that only the trie names is a symbol', () => {
  const { symbols } = imageOf(machoOf());
  const named = Array.from({ length: symbols.count }, (_, index) => [
    symbols.nameOf(index),
    symbols.rva[index],
  ]);
  assert.deepEqual(named, [['_run', MACHO.code]]);
  assert.deepEqual(symbols.withPrefix('_r'), [0]);
});

test('a pointer is what a loader makes of it, and nothing where it makes none', () => {
  const image = imageOf(elfOf({ base: 0x400000 }));
  assert.equal(image.pointerAt(ELF.text), undefined);
  const bytes = elfOf({ base: 0x400000 });
  new DataView(bytes.buffer).setBigUint64(ELF.text, BigInt(0x400000 + ELF.code), true);
  assert.equal(imageOf(bytes).pointerAt(ELF.text), ELF.code);
  assert.equal(imageOf(bytes).pointerAt(ELF.size - 4), undefined);
});

for (const format of [1, 2, 6, 7, 9, 10, 12]) {
  test(`chained fixups of format ${format}: imports, pointers and call sites`, () => {
    const image = imageOf(chainedMachoOf(format));
    assert.deepEqual(image.unread, []);
    assert.deepEqual(
      image.imports.map(({ name, slot }) => [name, slot]),
      [
        ['_getenv', CHAINED.slots],
        ['_objc_msgSend', CHAINED.slots + 8],
      ],
    );
    assert.equal(image.pointerAt(CHAINED.slots), undefined);
    assert.equal(textAt(image, image.pointerAt(CHAINED.selector)!), 'stringForType:');
    assert.equal(textAt(image, CHAINED.constant), 'text');
    const called = sitesOf(image).filter((site) => (site as unknown[])[1] === 'call');
    assert.deepEqual(called, [[CHAINED.call, 'call', '_getenv', 'HOME']]);
    const selector = { rva: CHAINED.selector, name: 'stringForType:', isSlot: true };
    const { sites } = sweepCode(image, [selector]);
    const sent = Array.from({ length: sites.count }, (_, site) => [
      sites.rva[site],
      sites.kind[site],
      sites.target[site],
    ]).filter(([, kind, target]) => kind === SiteKind.call && target === 2);
    assert.deepEqual(sent, [[CHAINED.message, SiteKind.call, 2]]);
  });
}

const CHAINS_BROKEN: readonly (readonly [what: string, at: number, value: number, code: string])[] =
  [
    ['a format of the shared cache', CHAINED.fixups + 52, 0x000d_1000, 'macho.fixups'],
    ['more imports than there is room for', CHAINED.fixups + 16, 0x4000_0000, 'macho.fixups'],
    ['chains for more segments than there are', CHAINED.fixups + 32, 9, 'macho.fixups'],
    ['a link beyond the image', CHAINED.slots + 4, 0xfff8_0000, 'macho.address'],
    ['fixups beyond the file', 496 + 8, 0x7fff_ffff, 'macho.truncated'],
  ];

for (const [what, at, value, code] of CHAINS_BROKEN) {
  test(`macho: ${what} is ${code}`, () => {
    const bytes = chainedMachoOf(9);
    new DataView(bytes.buffer).setUint32(at, value, true);
    assert.equal(codesOf(bytes, 'macho'), code);
  });
}

test('chains that all start at one place are read no oftener than the file has words', () => {
  const bytes = chainedMachoOf(9);
  const view = new DataView(bytes.buffer);
  // Both segments have a hundred pages of no bytes, each with the four links at the first slot.
  const starts = 0x720;
  bytes.copyWithin(starts, CHAINED.fixups + 48, CHAINED.fixups + 70);
  view.setUint16(starts + 4, 0, true);
  view.setUint16(starts + 20, 100, true);
  for (const segment of [0, 1]) {
    view.setUint32(CHAINED.fixups + 36 + 4 * segment, starts - (CHAINED.fixups + 32), true);
  }
  assert.equal(codesOf(bytes, 'macho'), 'macho.binds');
});

test('binds of a threaded stream are names of ordinals, which links of chains have', () => {
  const bytes = machoOf();
  const view = new DataView(bytes.buffer);
  // Ordinal table of one; library 1, `_getenv`, bind; segment 1 at 0; apply; done.
  const name = [...Buffer.from('_getenv'), 0];
  const stream = [0xd0, 1, 0x11, 0x40, ...name, 0x51, 0x90, 0x71, 0, 0xd1, 0];
  bytes.set(stream, MACHO.binds);
  view.setUint32(176 + 20, stream.length, true);
  view.setBigUint64(MACHO.slots, (1n << 62n) | (2n << 51n), true);
  view.setBigUint64(MACHO.slots + 16, (3n << 62n) | (0x99n << 32n), true);
  assert.deepEqual(
    imageOf(bytes).imports.map(({ name: bound, slot }) => [bound, slot]),
    [
      ['_getenv', MACHO.slots],
      ['_getenv', MACHO.slots + 16],
    ],
  );
});
