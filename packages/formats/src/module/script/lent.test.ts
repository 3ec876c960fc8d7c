import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstDifference } from './difference.ts';
import { lendWithOxc, readWithOxc } from './oxc.ts';
import { scopesOf } from './scopes.ts';

const SMALL = 'const { a = 1, ...rest } = f(b); for (const [c] of rest) c(a);';
/** Above all that is given back: pages of the parser, columns, names. */
const LARGE = `g(a.b, { c: d }); // ${'-'.repeat(200)}\n`.repeat(20_000);

/** A tree read from memory that was given back would be another, or none. */
test('what large scripts took is given back, and scripts after them are read as before', () => {
  assert.ok(LARGE.length > 4_000_000);
  for (const text of [SMALL, LARGE, SMALL, LARGE, SMALL]) {
    const lent = lendWithOxc(text, 'js', 'script');
    assert.equal(firstDifference(lent, readWithOxc(text, 'js', 'script')), undefined);
    const again = lendWithOxc(text, 'js', 'script');
    assert.deepEqual(
      scopesOf(again).references,
      scopesOf(readWithOxc(text, 'js', 'script')).references,
    );
  }
});
