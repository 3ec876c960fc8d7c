import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openVexDocument } from './openvex.ts';
import { osvDocument } from './osv.ts';
import { affectedBy, type Seen } from './ranges.ts';
import { ADVISORIES, PUBLISHER } from './testdata/advisories.ts';

/** `1.0 +` has it, `-` has it not, `?` was not read whole. */
function seen(text: string): readonly Seen[] {
  return text.split(', ').map((one) => {
    const [version = '', mark] = one.split(' ');
    return { version, isThere: mark === '+' ? true : mark === '-' ? false : undefined };
  });
}

interface Wanted {
  readonly own: string;
  readonly seen: string;
  readonly ranges: string;
  readonly fixedIn?: string;
  readonly also?: string;
  readonly unknown?: string;
}

const CASES: Readonly<Record<string, Wanted>> = {
  'gone in the next release': {
    own: '1.0.0',
    seen: '1.1.0 -',
    ranges: '1.0.0..1.1.0',
    fixedIn: '1.1.0',
  },
  'there since an earlier one': {
    own: '1.1.0',
    seen: '1.0.0 +, 0.9.0 -',
    ranges: '1.0.0..',
    also: '1.0.0',
  },
  'versions are ordered as versions, not as text': {
    own: '1.9.0',
    seen: '1.10.0 +, 1.11.0 -, 1.2.0 -',
    ranges: '1.9.0..1.11.0',
    fixedIn: '1.11.0',
    also: '1.10.0',
  },
  'gone and back again': {
    own: '1.0.0',
    seen: '1.1.0 -, 1.2.0 +, 1.3.0 -',
    ranges: '1.0.0..1.1.0, 1.2.0..1.3.0',
    fixedIn: '1.3.0',
    also: '1.2.0',
  },
  'back and still there: nothing is fixed': {
    own: '1.0.0',
    seen: '1.1.0 -, 1.2.0 +',
    ranges: '1.0.0..1.1.0, 1.2.0..',
    also: '1.2.0',
  },
  'what was not read whole ends no range': {
    own: '1.0.0',
    seen: '1.1.0 ?, 1.2.0 -',
    ranges: '1.0.0..1.2.0',
    fixedIn: '1.2.0',
    unknown: '1.1.0',
  },
  'updates by their numbers': {
    own: '27654',
    seen: '9999 -, 27655 +, 27656 -',
    ranges: '27654..27656',
    fixedIn: '27656',
    also: '27655',
  },
  'nothing else is kept': { own: '1.0.0', seen: '1.0.0 +', ranges: '1.0.0..' },
};

for (const [name, wanted] of Object.entries(CASES)) {
  test(`affected: ${name}`, () => {
    const { ranges = [], fixedIn, also, unknown = [] } = affectedBy(wanted.own, seen(wanted.seen));
    const printed = ranges
      .map(({ introduced, fixed }) => `${introduced}..${fixed ?? ''}`)
      .join(', ');
    assert.equal(printed, wanted.ranges);
    assert.equal(fixedIn, wanted.fixedIn);
    assert.equal(also.join(), wanted.also ?? '');
    assert.equal(unknown.join(), wanted.unknown ?? '');
  });
}

test('ranges stand in OSV as events, and every affected release in OpenVEX', () => {
  const affected = affectedBy('4.1.0', seen('4.0.0 +, 4.2.0 -, 4.3.0 +'));
  const advisory = { ...ADVISORIES[0]!, affected };
  const osv = osvDocument(advisory)!;
  const [first] = osv['affected'] as unknown as {
    ranges: { events: object[] }[];
    versions: string[];
  }[];
  assert.deepEqual(first!.ranges[0]!.events, [
    { introduced: '4.0.0' },
    { fixed: '4.2.0' },
    { introduced: '4.3.0' },
  ]);
  assert.deepEqual(first!.versions, ['4.1.0', '4.0.0', '4.3.0']);
  const vex = openVexDocument(advisory, PUBLISHER)!;
  const [statement] = vex['statements'] as unknown as { products: { '@id': string }[] }[];
  assert.deepEqual(
    statement!.products.map((one) => one['@id']),
    ['pkg:npm/agent@4.1.0', 'pkg:npm/agent@4.0.0', 'pkg:npm/agent@4.3.0'],
  );
});
