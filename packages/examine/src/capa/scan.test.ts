import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNative } from '@avow/formats/native';
import { le32 } from '../../../formats/src/module/native/testdata/bytes.ts';
import { ELF, elfOf } from '../../../formats/src/module/native/testdata/elf.ts';
import { machoOf } from '../../../formats/src/module/native/testdata/macho.ts';
import {
  callFirstSlot,
  PE,
  PE_SLOTS,
  peOf,
} from '../../../formats/src/module/native/testdata/pe.ts';
import { functionsAround } from './around.ts';
import { hasLoop } from './extract/blocks.ts';
import { embeddedPeAt } from './extract/embedded.ts';
import { fileTexts } from './extract/texts.ts';
import { compileCapaRules } from './match/compile.ts';
import { observeCapa } from './observe.ts';
import { rulesOf, ruleText } from './testdata/rules.ts';

function imageOf(bytes: Uint8Array, kind: 'pe' | 'elf' | 'macho') {
  return readNative(bytes, kind)[0]!.image;
}

/** Addresses at which one rule matches an image. */
function placesOf(
  bytes: Uint8Array,
  kind: 'pe' | 'elf',
  features: string,
  scope = 'function',
): (string | undefined)[] {
  const rules = compileCapaRules(rulesOf(ruleText('tried', features, { scope })));
  return observeCapa(imageOf(bytes, kind), rules).matches.map(({ address }) => address);
}

/** `call [first slot]` at an offset of the code. */
function callAt(offset: number, slot = 0): number[] {
  return [0xff, 0x15, ...le32(PE_SLOTS + 8 * slot - (PE.text + offset + 6))];
}

const RET = 0xc3;

/** Code with what a rule asks for in it; the function starts at 0x140001000. */
const CODE: Readonly<Record<string, readonly number[]>> = {
  // lea rcx, [text]; mov edx, 0x80000000; call [CreateFileW]; ret
  call: callFirstSlot(),
  // mov rbx, [CreateFileW]; mov ecx, 2; call rbx; ret
  register: [
    0x48,
    0x8b,
    0x1d,
    ...le32(PE_SLOTS - (PE.text + 7)),
    0xb9,
    2,
    0,
    0,
    0,
    0xff,
    0xd3,
    RET,
  ],
  // mov ecx, 6; call [first]; mov ecx, 7; call [second]; ret
  two: [0xb9, 6, 0, 0, 0, ...callAt(5), 0xb9, 7, 0, 0, 0, ...callAt(16, 1), RET],
  // call +1; ret; sub rsp, 0x28; call [CreateFileW]; add rsp, 0x28; ret
  wrapped: [
    ...[0xe8, 1, 0, 0, 0, RET, 0x48, 0x83, 0xec, 0x28],
    ...callAt(10),
    ...[0x48, 0x83, 0xc4, 0x28, RET],
  ],
  // xor eax, ecx; inc eax; dec ecx; jne -6; ret
  tight: [0x31, 0xc8, 0xff, 0xc0, 0xff, 0xc9, 0x75, 0xf8, RET],
  // test ecx, ecx; je +4; xor edx, eax; jmp -8; ret
  loop: [0x85, 0xc9, 0x74, 0x04, 0x31, 0xc2, 0xeb, 0xf8, RET],
  // xor eax, eax; mov rax, gs:[0x60]; cmp byte [rax+2], 1; add rsp, 0x28; ret
  block: [
    ...[0x31, 0xc0, 0x65, 0x48, 0x8b, 0x04, 0x25, 0x60, 0, 0, 0],
    ...[0x80, 0x78, 0x02, 0x01, 0x48, 0x83, 0xc4, 0x28, RET],
  ],
  // mov dword [rsp+8], "abcd"; mov dword [rsp+12], "efgh"; mov byte [rsp+16], "i"; ret
  stack: [
    ...[0xc7, 0x44, 0x24, 0x08, 0x61, 0x62, 0x63, 0x64],
    ...[0xc7, 0x44, 0x24, 0x0c, 0x65, 0x66, 0x67, 0x68],
    ...[0xc6, 0x44, 0x24, 0x10, 0x69, RET],
  ],
};

const START = '0x140001000';

const CASES: readonly {
  readonly says: string;
  readonly code: string;
  readonly rule: string;
  readonly scope?: string;
  readonly at: readonly (string | undefined)[];
  readonly imports?: readonly string[];
}[] = [
  {
    says: 'an API without its letter, with a library',
    code: 'call',
    rule: '- api: kernel32.CreateFile',
    scope: 'instruction',
    at: ['0x14000100c'],
  },
  { says: 'an API with its letter', code: 'call', rule: '- api: CreateFileW', at: [START] },
  { says: 'not the other letter', code: 'call', rule: '- api: CreateFileA', at: [] },
  {
    says: 'a number and a text in the block of a call',
    code: 'call',
    rule: '- and:\n  - api: CreateFile\n  - number: 0x80000000\n  - string: "C:\\\\x"',
    scope: 'basic block',
    at: [START],
  },
  { says: 'a pattern of a text', code: 'call', rule: '- string: /^c:\\\\/i', at: [START] },
  {
    says: 'the operand that a number is',
    code: 'call',
    rule: '- operand[0].number: 0x80000000',
    at: [],
  },
  {
    says: 'the operand that a number is, rightly',
    code: 'call',
    rule: '- operand[1].number: 0x80000000',
    at: [START],
  },
  {
    says: 'an import by name and library',
    code: 'call',
    rule: '- and:\n  - import: kernel32.CreateFileW\n  - import: CreateFile\n  - section: .text\n  - os: windows\n  - arch: amd64\n  - format: pe',
    scope: 'file',
    at: [undefined],
  },
  {
    says: 'an ordinal of a known library by its name',
    code: 'call',
    rule: '- api: socket',
    at: [START],
    imports: ['#23'],
  },
  {
    says: 'a call through a register',
    code: 'register',
    rule: '- and:\n  - api: CreateFile\n  - characteristic: indirect call',
    scope: 'instruction',
    at: ['0x14000100c'],
  },
  {
    says: 'an API behind a function that only calls it, at both',
    code: 'wrapped',
    rule: '- api: CreateFile',
    at: [START, '0x140001006'],
  },
  {
    says: 'a call and its own argument',
    code: 'two',
    rule: '- call:\n  - and:\n    - api: second\n    - number: 7',
    at: [START],
    imports: ['first', 'second'],
  },
  {
    says: 'a call without the argument of another',
    code: 'two',
    rule: '- call:\n  - and:\n    - api: second\n    - number: 6',
    at: [],
    imports: ['first', 'second'],
  },
  {
    says: 'calls in a span',
    code: 'two',
    rule: '- span of calls:\n  - and:\n    - api: first\n    - api: second\n    - number: 6',
    at: [START],
    imports: ['first', 'second'],
  },
  {
    says: 'a tight loop with a xor that clears nothing',
    code: 'tight',
    rule: '- and:\n  - characteristic: tight loop\n  - characteristic: nzxor',
    scope: 'basic block',
    at: [START],
  },
  {
    says: 'a block that goes back to itself is no loop of blocks',
    code: 'tight',
    rule: '- characteristic: loop',
    at: [],
  },
  {
    says: 'a loop of blocks, counted',
    code: 'loop',
    rule: '- and:\n  - characteristic: loop\n  - count(basic blocks): 3',
    at: [START],
  },
  {
    says: 'access to the process block',
    code: 'block',
    rule: '- and:\n  - characteristic: peb access\n  - characteristic: gs access',
    scope: 'instruction',
    at: ['0x140001002'],
  },
  {
    says: 'an offset of a member',
    code: 'block',
    rule: '- instruction:\n  - mnemonic: cmp\n  - offset: 2\n  - number: 1',
    at: [START],
  },
  { says: 'no number of a stack adjusted', code: 'block', rule: '- number: 0x28', at: [] },
  { says: 'no xor that clears', code: 'block', rule: '- characteristic: nzxor', at: [] },
  {
    says: 'a text made on the stack',
    code: 'stack',
    rule: '- characteristic: stack string',
    scope: 'basic block',
    at: [START],
  },
];

for (const { says, code, rule, scope, at, imports } of CASES) {
  test(`a rule ${at.length === 0 ? 'does not match' : 'matches'}: ${says}`, () => {
    const isSocket = imports?.[0] === '#23';
    const bytes = peOf({
      code: CODE[code]!,
      ...(imports === undefined ? {} : { imports }),
      ...(isSocket ? { library: 'WS2_32.dll' } : {}),
    });
    assert.deepEqual(placesOf(bytes, 'pe', rule, scope), at);
  });
}

test('an ELF call through a stub has the name of its import, and what it rests on its address', () => {
  const bytes = elfOf({ base: 0x400000 });
  const rules = compileCapaRules(
    rulesOf(ruleText('reads home', '- and:\n  - os: linux\n  - api: getenv\n  - string: HOME')),
  );
  const [match] = observeCapa(imageOf(bytes, 'elf'), rules).matches;
  const start = `0x${(0x400000 + ELF.code).toString(16)}`;
  assert.equal(match?.address, start);
  assert.deepEqual(match?.grounds, [
    { what: 'os linux' },
    { what: 'api getenv', address: '0x400807' },
    { what: 'string "HOME"', address: start },
  ]);
});

test('rules that only serve others are told when asked for, and no place is told twice', () => {
  const text = ruleText('served', '- api: CreateFile', { more: '    lib: true\n' });
  const rules = compileCapaRules(rulesOf(text, ruleText('built', '- match: served')));
  const image = imageOf(peOf(), 'pe');
  const names = (withLibrary: boolean) =>
    observeCapa(image, rules, { withLibrary }).matches.map(({ rule }) => rule);
  assert.deepEqual([names(false), names(true)], [['built'], ['built', 'served']]);
});

test('code for another processor is not said to match nothing', () => {
  const rules = compileCapaRules(rulesOf(ruleText('a', '- api: getenv')));
  const { matches, unknowns } = observeCapa(imageOf(machoOf(), 'macho'), rules);
  assert.deepEqual([matches.length, unknowns.map(({ code }) => code)], [0, ['capa.machine']]);
  assert.match(unknowns[0]!.message, /^1 of 1 rules are about code/);
});

test('the functions around an address are known, between functions there are none', () => {
  const image = imageOf(peOf(), 'pe');
  const found = functionsAround(image, [0x140001005n, 0x140001100n]);
  assert.deepEqual([...found.values()], [[START], []]);
});

test('a loop is seen among blocks that lie deep, without recursion', () => {
  const line = (next: (index: number) => readonly number[]) => ({
    blocks: Array.from({ length: 50_000 }, (_, start) => ({
      start,
      end: start + 1,
      instructions: [],
      next: next(start),
    })),
  });
  assert.equal(hasLoop(line((index) => [index + 1])), false);
  assert.equal(hasLoop(line((index) => [index === 49_999 ? 0 : index + 1])), true);
  assert.equal(hasLoop(line((index) => [index])), false);
});

test('a program inside another is found under any key, the file itself is not', () => {
  const bytes = new Uint8Array(0x400);
  const program = (at: number, key: number): void => {
    const plain = new Uint8Array(0x82);
    plain.set([0x4d, 0x5a]);
    plain[0x3c] = 0x80;
    plain.set([0x50, 0x45], 0x80);
    bytes.set(
      plain.map((byte) => byte ^ key),
      at,
    );
  };
  program(0, 0);
  program(0x100, 0);
  program(0x200, 0x5a);
  assert.deepEqual(embeddedPeAt(bytes), [0x100, 0x200]);
});

test('texts of a file are found in 8 and in 16 bits, shorter ones and other bytes are not', () => {
  const bytes = Buffer.from('\x01abc\x00defg\x00\xff\x00h\x00i\x00j\x00k\x00', 'latin1');
  assert.deepEqual(
    [...fileTexts(bytes)].map(({ at, text }) => `${at} ${text}`),
    ['5 defg', '12 hijk'],
  );
});

test('hostile images end: every byte of a section a jump, every operand an address', () => {
  const rules = compileCapaRules(rulesOf(ruleText('a', '- characteristic: loop')));
  for (const byte of [0xeb, 0x75, 0xe8, 0xff, 0x00, 0xcc, 0xc7]) {
    const image = imageOf(peOf({ code: new Array(0x200).fill(byte) }), 'pe');
    assert.ok(observeCapa(image, rules).instructions >= 0);
  }
});
