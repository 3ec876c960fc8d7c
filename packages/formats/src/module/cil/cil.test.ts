import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { peOf } from '../native/testdata/pe.ts';
import { readAssembly, readCil, walkCil } from './index.ts';
import { assemblyOf, CIL } from './testdata/assembly.ts';

test('methods have their token, name and instructions; one without a body is none', () => {
  const methods = readCil(assemblyOf());
  assert.deepEqual(
    [...methods!.values()],
    [
      { token: 0x06000001, name: 'Send', codeAt: CIL.send, codeSize: 3 },
      { token: 0x06000002, name: 'Collect', codeAt: CIL.collect, codeSize: 5 },
    ],
  );
});

test('a library of machine code alone has no CIL', () => {
  assert.equal(readCil(peOf()), undefined);
});

test('metadata that is none is refused', () => {
  assert.throws(() => readCil(assemblyOf('XXXX')), { code: 'pe.cil' });
});

test('every byte of an assembly turned: read, or refused with a code, and in time', () => {
  const whole = assemblyOf();
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0x00, 0xff, whole[at]! ^ 0x01]) {
      const bytes = whole.slice();
      bytes[at] = value;
      try {
        readAssembly(bytes);
      } catch (error) {
        assert.match((error as { code?: string }).code ?? '', /^pe\./, `byte ${at}`);
      }
    }
  }
});

const REAL = process.env['AVOW_DOTNET'] ?? '/tmp/avow-corpus/dotnet/Python.Runtime.dll';

test('a real assembly: thousands of methods, none beyond the file, none in another', {
  skip: !existsSync(REAL) && `there is no ${REAL}`,
}, () => {
  const bytes = new Uint8Array(readFileSync(REAL));
  const methods = [...readCil(bytes)!.values()].sort((one, other) => one.codeAt - other.codeAt);
  assert.ok(methods.length > 1_000, `${methods.length} methods`);
  for (const [index, { codeAt, codeSize, name }] of methods.entries()) {
    assert.ok(codeAt + codeSize <= bytes.length && name !== '', name);
    const next = methods[index + 1];
    // Methods of the same instructions may share one body.
    assert.ok(next === undefined || next.codeAt === codeAt || next.codeAt >= codeAt + codeSize);
  }
});

test('a real assembly: every call has a name, texts are read, and the methods that it imports', {
  skip: !existsSync(REAL) && `there is no ${REAL}`,
}, () => {
  const bytes = new Uint8Array(readFileSync(REAL));
  const { methods, names, isPure } = readAssembly(bytes)!;
  const called = new Set<string>();
  let texts = 0;
  for (const { codeAt, codeSize } of methods.values()) {
    walkCil(bytes, codeAt, codeAt + codeSize, {
      call: (_, token) => {
        const target = names.target(token);
        assert.ok(target !== undefined && target.name !== '', `token 0x${token.toString(16)}`);
        called.add(`${target.from}:${target.type}.${target.name}`);
      },
      text: (_, token) => {
        if (names.userText(token) !== undefined) texts += 1;
      },
      constant: () => {},
      other: () => {},
    });
  }
  assert.equal(isPure, true);
  assert.ok(called.has('netstandard:System.IO.File.Exists'));
  assert.ok(texts > 100, `${texts} texts`);
  assert.ok(names.imports().some(({ from, name }) => `${from}!${name}` === 'libdl.so!dlopen'));
  assert.ok(names.assemblies().includes('netstandard'));
});
