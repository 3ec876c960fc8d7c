import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { callFirstImport, ELF, elfOf } from '../../../formats/src/module/native/testdata/elf.ts';
import {
  chainedMachoOf,
  fatOf,
  machoOf,
} from '../../../formats/src/module/native/testdata/macho.ts';
import { peOf } from '../../../formats/src/module/native/testdata/pe.ts';
import { tableWasmOf, wasmOf } from '../../../formats/src/module/wasm/testdata/module.ts';
import { readRules } from '../rules/compile.ts';
import { observeNative } from './index.ts';
import { foldedName, symbolsOfImport, windowsName } from './names.ts';
import { locatorPlace } from './places.ts';
import type { NativeModuleKind } from './reading.ts';
import { entropyOf } from './sections.ts';
import { swiftName } from './swift-names.ts';
import { systemCallName } from './systems.ts';

const rules = readRules(
  readFileSync(new URL('../../../../rules/update.json', import.meta.url), 'utf8'),
);

/** Features as a line each: what, where, to whom, when. */
function linesOf(bytes: Uint8Array, kind: NativeModuleKind): string[] {
  return observeNative(bytes, kind, rules).native.features.map(
    ({ feature, place, evidence, recipient, when }) =>
      [feature, place.slice, place.func, place.address, evidence, recipient, when]
        .filter((part) => part !== undefined)
        .join(' | '),
  );
}

test('a call has its feature at its virtual address, with its argument as recipient', () => {
  assert.deepEqual(linesOf(elfOf({ base: 0x400000 }), 'elf'), [
    'env.named | 0x400807 | call getenv("HOME") | HOME | call',
  ]);
  assert.deepEqual(linesOf(peOf({ text: 'C:\\Users\\a\\.ssh\\id_rsa' }), 'pe'), [
    'cred.ssh-pgp | 0x14000100c | call CreateFileW("C:\\\\Users\\\\a\\\\.ssh\\\\id_rsa") | C:/Users/a/.ssh/id_rsa | load',
  ]);
  assert.deepEqual(linesOf(wasmOf(), 'wasm'), [
    'code.eval | 1 | 0x48 | call env.emscripten_run_script("alert(1)", 8) | call',
  ]);
});

test('each slice of a fat file is named in its places', () => {
  const lines = linesOf(fatOf(machoOf(), machoOf('_getpid')), 'macho');
  assert.deepEqual(lines, ['env.named | arm64 | 0x100000404 | call getenv("HOME") | HOME | call']);
});

test('a text at an address is not believed of a constant in position-independent code', () => {
  // mov edi, ELF.text: a number here, an address only where the file is loaded at a fixed one.
  const code = [0xbf, ELF.text & 255, ELF.text >> 8, 0, 0, ...callFirstImport().slice(7)];
  code[6] = code[6]! + 2;
  assert.deepEqual(linesOf(elfOf({ code }), 'elf'), [
    `env.named | 0x805 | call getenv | ${ELF.text} | call`,
  ]);
});

test('a system call goes by its number', () => {
  // mov eax, 59; lea rdi, [text]; syscall
  const code = [0xb8, 59, 0, 0, 0, ...callFirstImport().slice(0, 7), 0x0f, 0x05, 0xc3];
  code[8] = code[8]! - 5;
  assert.deepEqual(linesOf(elfOf({ code, imports: [], texts: ['/bin/sh'] }), 'elf'), [
    'exec.spawn | 0x80c | system call execve("/bin/sh") | /bin/sh | call',
  ]);
});

test('numbers of system calls are those of Linux, and said to be unread on another system', () => {
  // mov eax, 59; syscall: execve, but on FreeBSD another.
  const bytes = elfOf({ code: [0xb8, 59, 0, 0, 0, 0x0f, 0x05, 0xc3], imports: [] });
  assert.match(linesOf(bytes, 'elf')[0]!, /^exec.spawn/);
  bytes[7] = 9;
  const { native } = observeNative(bytes, 'elf', rules);
  assert.deepEqual(native.features, []);
  assert.match(native.unknowns[0]!.why.message, /^1 system calls of freebsd/);
});

test('a system call whose number is not known is said', () => {
  const { native, state } = observeNative(elfOf({ code: [0x0f, 0x05, 0xc3] }), 'elf', rules);
  assert.equal(state, 'partly');
  assert.deepEqual(
    native.unknowns.map(({ why }) => why.code),
    ['native.system-call'],
  );
});

test('code for a machine that is not read is never called read', () => {
  const { state, why } = observeNative(elfOf({ machine: 243 }), 'elf', rules);
  assert.deepEqual([state, why?.code], ['unread', 'native.machine']);
});

test('what is no image is unread, with its reason', () => {
  const { state, why } = observeNative(elfOf().slice(0, 20), 'elf', rules);
  assert.deepEqual([state, why?.code], ['unread', 'elf.truncated']);
});

test('a function without a name keeps the one that it is given when the linker moves what it points to', () => {
  const within = (texts: readonly string[]) =>
    observeNative(elfOf({ texts }), 'elf', rules).native.features[0]!.within;
  assert.match(within(['HOME'])[0]!, /^uses:[0-9a-f]{16}$/);
  assert.deepEqual(within(['HOME']), within(['PATH', 'HOME']));
  const moved = elfOf({ base: 0x10000 });
  assert.deepEqual(observeNative(moved, 'elf', rules).native.features[0]!.within, within(['HOME']));
});

test('a source and a destination in one function are near, not a flow of scripts', () => {
  // The first import with its text, then call [second slot].
  const second = ELF.slots + 8 - (ELF.code + 18);
  const code = [...callFirstImport().slice(0, 12), 0xff, 0x15, second & 255, -1, -1, -1, 0xc3];
  code[15] = (second >> 8) & 255;
  const shape = { code, imports: ['getenv', 'connect'] };
  const { native } = observeNative(
    elfOf({ ...shape, texts: ['AWS_SECRET_ACCESS_KEY'] }),
    'elf',
    rules,
  );
  assert.deepEqual(
    native.features.map(({ feature }) => feature),
    ['cred.cloud', 'net.tcp'],
  );
  assert.deepEqual(native.flows, [{ source: 0, destination: 1, distance: 0 }]);
  const { native: ordinary } = observeNative(elfOf({ ...shape, texts: ['PATH'] }), 'elf', rules);
  assert.deepEqual(ordinary.flows, []);
});

test('spellings of one function are one symbol', () => {
  const rows: [string, string][] = [
    ['fopen64', 'fopen'],
    ['__open64_2', 'open'],
    ['__read_chk', 'read'],
    ['uint64', 'uint64'],
  ];
  for (const [spelled, folded] of rows) assert.equal(foldedName(spelled), folded);
  assert.equal(windowsName('CreateFileW'), 'createfile');
  assert.equal(windowsName('ZwOpenFile'), 'ntopenfile');
  assert.equal(windowsName('DRAW'), 'draw');
  assert.deepEqual(symbolsOfImport('macho', '_OBJC_CLASS_$_NSPasteboard', undefined), [
    'objc:NSPasteboard',
  ]);
  assert.equal(symbolsOfImport('pe', '#4', 'ws2_32.dll')[0], 'win:connect');
  assert.equal(symbolsOfImport('pe', '#4', 'user32.dll')[0], 'win:#4');
});

test('a system call has one number a processor', () => {
  assert.equal(systemCallName('x86-64', 59), 'execve');
  assert.equal(systemCallName('aarch64', 221), 'execve');
  assert.equal(systemCallName('aarch64', 59), undefined);
});

test('the place of a feature is one that a locator can have, zero too', () => {
  assert.deepEqual(locatorPlace({ kind: 'va', address: '0x0' }), { kind: 'va', address: 0n });
  assert.deepEqual(locatorPlace({ kind: 'wasm', func: 0, address: '0x0' }), {
    kind: 'wasm',
    func: 0,
    offset: 0n,
  });
});

test('bytes that are all alike have no entropy, all different ones eight bits', () => {
  assert.equal(entropyOf(new Uint8Array(64)), 0);
  assert.equal(entropyOf(Uint8Array.from({ length: 256 }, (_, at) => at)), 8);
});

test('names of Swift are told by module, type and function', () => {
  const rows: [mangled: string, name: string | undefined][] = [
    [
      '_$s10Foundation4DataV5write2to7optionsyAA3URLV_So20NSDataWritingOptionsVtKF',
      'Foundation.Data.write.to.options',
    ],
    ['$s4main3FooC3baryyF', 'main.Foo.bar'],
    [
      '_$sSS10FoundationE4data8encodingSSSgAA4DataVh_SSAAE8EncodingVtcfC',
      'Foundation.String.data.encoding',
    ],
    [
      '$sSo12NSURLSessionC10FoundationE4data3for8delegateAC4DataV_So13NSURLResponseCtAC10URLRequestV_So0aB12TaskDelegate_pSgtYaKF',
      'Foundation.NSURLSession.data.for.delegate',
    ],
    ['_$s8Dispatch0A3QoSV11unspecifiedACvgZ', 'Dispatch.DispatchQoS.unspecified'],
    ['_$sSo8NSObjectCSgMD', undefined],
    ['_$sSS2eeoiySbSS_SStFZ', undefined],
    ['_$s10FoundationMXM', undefined],
    ['_$sSS10FoundationE', undefined],
    ['_getenv', undefined],
  ];
  for (const [mangled, name] of rows) assert.equal(swiftName(mangled), name, mangled);
});

test('a library that is linked in without its names is known by its text', () => {
  const texts = ['HOME', 'OpenSSL 3.0.15 3 Sep 2024'];
  assert.deepEqual(
    linesOf(elfOf({ base: 0x400000, texts }), 'elf').at(-1),
    'net.tcp | 0x400905 | holds the library OpenSSL 3.0.15 | call',
  );
  const other = ['HOME', 'OpenSSL is not here'];
  assert.equal(linesOf(elfOf({ texts: other }), 'elf').length, 1);
});

test('an import in a table is told at the calls by its type, and what the start comes to at load', () => {
  assert.deepEqual(linesOf(tableWasmOf(), 'wasm'), [
    'code.eval | 2 | 0x5b | may call env.emscripten_run_script through a table, one of 2 of its type | load',
  ]);
  assert.deepEqual(linesOf(tableWasmOf('abort'), 'wasm'), []);
});

test('a message whose selector is loaded is told there, with what it is sent after', () => {
  assert.deepEqual(linesOf(chainedMachoOf(6, true), 'macho'), [
    'env.named | 0x100000404 | call getenv("HOME") | HOME | call',
    'clipboard.read | 0x100000410 | sends the message stringForType:("text") | call',
  ]);
});

test('a message is told where it is sent, with what it is sent, signed pointers or not', () => {
  for (const format of [6, 12]) {
    assert.deepEqual(linesOf(chainedMachoOf(format), 'macho'), [
      'env.named | 0x100000404 | call getenv("HOME") | HOME | call',
      'clipboard.read | 0x10000040c | sends the message stringForType:("text") | call',
    ]);
  }
});
