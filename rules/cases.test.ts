import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRules } from '@avow/examine';
import { caseFault } from '../tools/rules/cases.ts';
import { makeUpdate, readHistory, readSources } from '../tools/rules/update.ts';

const source = readSources();
const rules = compileRules(makeUpdate(source, readHistory(), ''));

for (const rule of source.rules) {
  for (const kind of ['matches', 'misses'] as const) {
    const todo = rule[kind].filter((one) => one.todo !== undefined);
    test(`${rule.record.id} ${kind} what its cases say`, () => {
      const faults = rule[kind]
        .filter((one) => one.todo === undefined)
        .flatMap((one) => caseFault(rule, kind, one, rules) ?? []);
      assert.deepEqual(faults, []);
    });
    for (const one of todo) {
      test(`${rule.record.id} ${kind}: ${one.code}`, { todo: one.todo! }, () => {
        assert.equal(caseFault(rule, kind, one, rules), undefined);
      });
    }
  }
}
