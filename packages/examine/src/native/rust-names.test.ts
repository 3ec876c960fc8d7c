import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNative } from '@avow/formats/native';
import { ELF, elfOf } from '../../../formats/src/module/native/testdata/elf.ts';
import { NativeArguments } from './arguments.ts';
import { rustName } from './rust-names.ts';

const NAMES: readonly (readonly [mangled: string, name: string | undefined])[] = [
  ['_RNvNtCsjrHSEGnQ3l9_3std3env4__var', 'std.env.var'],
  ['__RNvNvNtCsjrHSEGnQ3l9_3std2fs4read5inner', 'std.fs.read'],
  ['_RNvMsl_NtCsjrHSEGnQ3l9_3std2fsNtB5_11OpenOptions5__open', 'std.fs.OpenOptions.open'],
  // By its type, or by its trait where that is one of the language.
  [
    '_RNvXs0_NtNtCsjrHSEGnQ3l9_3std3net3tcpNtB5_9TcpStreamNtNtB9_2io5Write5write',
    'std.net.tcp.TcpStream.write',
  ],
  [
    '_RNvXs6_NtNtCsjrHSEGnQ3l9_3std3net11socket_addreNtB5_13ToSocketAddrs15to_socket_addrs',
    'std.net.socket_addr.ToSocketAddrs.to_socket_addrs',
  ],
  ['_RINvCs1_1a3runNtB2_1TmE', 'a.run'],
  ['_ZN3std3env4_var17h0123456789abcdefE', 'std.env.var'],
  ['_ZN3std4sys4unix7process14process_common7Command3new17h0123456789abcdefE', undefined],
  [
    '_ZN3std3sys4unix7process14process_common7Command3new17h0123456789abcdefE',
    'std.sys.process.Command.new',
  ],
  [
    '_ZN59_$LT$std..net..tcp..TcpStream$u20$as$u20$std..io..Write$GT$5write17h0123456789abcdefE',
    'std.net.tcp.TcpStream.write',
  ],
  // A closure, a name of C++, one of C, one that is cut, and two that go round.
  ['_RNCNvCs1_1a3run0B3_', undefined],
  ['_ZN2v86Object3SetE', undefined],
  ['getenv', undefined],
  ['_RNvNtCsjrHSEGnQ3l9_3std3env9__var', undefined],
  ['_RNvB_3foo', undefined],
  [`_RNv${'RR'.repeat(5000)}`, undefined],
];

for (const [mangled, name] of NAMES) {
  test(`${mangled.slice(0, 60)} is ${name}`, () => assert.equal(rustName(mangled), name));
}

test('a text without an end has the length beside it, wherever a convention puts the two', () => {
  const texts = ['/srv/data/home and more that belongs to others'];
  const { image } = readNative(elfOf({ texts }), 'elf')[0]!;
  const place = { kind: 'address', value: ELF.text } as const;
  const length = { kind: 'constant', value: 9 } as const;
  const unknown = { kind: 'unknown', value: Number.NaN } as const;
  const shown = (
    convention: 'c' | 'sized' | 'go' | 'rust',
    ...values: ReturnType<typeof Object>[]
  ) => new NativeArguments(image, values, convention).shown();
  assert.equal(shown('rust', unknown, place, length), '("/srv/data")');
  assert.equal(shown('go', place, length), '("/srv/data")');
  assert.equal(shown('sized', unknown, place, length), '(…, "/srv/data")');
  assert.equal(shown('c', place, length), `(${JSON.stringify(texts[0])})`);
  assert.equal(shown('rust', place, unknown), '');
});
