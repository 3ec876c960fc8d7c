import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScript } from '@avow/formats';
import { calledNames } from './called.ts';
import { mayCall, mayConstruct } from './name-bits.ts';

const CODE = `
import { send as post, other } from './send.js';
export { keep as kept } from './keep.js';
start(1); a.b.stop(); run.call(null); list.each.apply(list, []);
const unused = quiet.member;
`;

const called = (text: string) =>
  calledNames(readScript(text, { language: 'js', goal: 'module' })) ?? assert.fail();

/** A caller that is passed over is a flow that is missed; a module that is looked into for nothing costs time. */
test('every name by which a function may be called is there', () => {
  const names = called(CODE);
  for (const name of ['send', 'post', 'other', 'keep', 'kept', 'start', 'stop', 'run', 'each']) {
    assert.ok(mayCall(names, name), name);
  }
});

test('of names that are not called, most are not there', () => {
  const names = called(CODE);
  const seen = Array.from({ length: 200 }, (_, n) => `name${n}`).filter((one) =>
    mayCall(names, one),
  );
  assert.ok(seen.length < 60, `${seen.length} of 200`);
});

test('something is constructed where there is a new', () => {
  assert.ok(mayConstruct(called('new Thing()')));
  assert.ok(!mayConstruct(called('thing()')));
});
