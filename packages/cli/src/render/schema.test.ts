import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VOCABULARY } from '@avow/declare';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EXAMINATION } from './testdata/examination.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../../docs/schema/examination-1.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true });
const validate = ajv.compile(schema);

test('a result is valid by the published schema', () => {
  validate(JSON.parse(JSON.stringify(EXAMINATION)));
  assert.deepEqual(validate.errors ?? [], []);
});

test('the schema has the words of the vocabulary, all and in their order', () => {
  assert.deepEqual(schema.$defs.word.enum, Object.keys(VOCABULARY));
});

const WRONG = {
  'a field that the contract does not have': { extra: 1 },
  'an answer that nobody knows': { answer: 'clean' },
  'a digest that is none': { rules: { update: 1, digest: 'sha1:00' } },
  'a feature without a place': { features: [{ ...EXAMINATION.features[0], locator: '' }] },
};

for (const [name, change] of Object.entries(WRONG)) {
  test(`the schema refuses ${name}`, () => {
    assert.equal(validate({ ...EXAMINATION, ...change }), false);
  });
}
