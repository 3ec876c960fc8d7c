import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteFlow } from './flow.ts';

async function* parts(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

const FLOWS: readonly { name: string; open: () => ByteFlow }[] = [
  { name: 'from memory', open: () => new ByteFlow(Buffer.from('abcdefgh')) },
  { name: 'in one piece', open: () => new ByteFlow(parts('abcdefgh')) },
  { name: 'in pieces', open: () => new ByteFlow(parts('a', '', 'bcd', 'efg', 'h')) },
];

for (const { name, open } of FLOWS) {
  test(`a flow ${name} gives the same bytes at the same offsets`, async () => {
    const flow = open();
    assert.equal(text(await flow.peek(3)), 'abc');
    assert.equal(flow.offset, 0);
    assert.equal(text(await flow.take(2)), 'ab');
    assert.equal(await flow.skip(3), 3);
    assert.equal(flow.offset, 5);
    assert.equal(text(await flow.peek(100)), 'fgh');
    assert.equal(text(await flow.take(100)), 'fgh');
    assert.equal(flow.offset, 8);
    assert.equal((await flow.take(1)).length, 0);
    assert.equal(await flow.skip(1), 0);
  });
}

test('what lies in one piece is not copied', async () => {
  const bytes = Buffer.from('abcdef');
  const taken = await new ByteFlow(bytes).take(4);
  assert.equal(taken.buffer, bytes.buffer);
});

test('closing lets go of the source', async () => {
  let isClosed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from('a');
      yield Buffer.from('b');
    } finally {
      isClosed = true;
    }
  }
  const flow = new ByteFlow(source());
  await flow.take(1);
  await flow.close();
  assert.ok(isClosed);
});
