import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import { caseAfter, caseOf } from '../case/case.ts';
import type { Receipt } from '../claim/receipt.ts';
import type { DocketEvent } from '../event/event.ts';
import { timeText } from '../states/clock.ts';
import { csafDocument } from './csaf.ts';
import { casePage } from './export.ts';
import { atomFeed } from './feed.ts';
import { ADVISORIES, PUBLISHER } from './testdata/advisories.ts';

const HOSTILE = '<script>alert(1)</script>"\'&</style></pre></title>\u202e\u0000\u001b[2J\ud800';
const DIGEST = digestOf('x');

/** Every text of a value that came from outside, replaced. */
function poisoned<T>(value: T): T {
  if (typeof value === 'string') return HOSTILE as T;
  if (Array.isArray(value)) return value.map(poisoned) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, poisoned(one)])) as T;
}

test('the page of a case has no mark of others in it, whatever field they wrote it in', () => {
  const recheck: Receipt['recheck'] = {
    outcome: 'reproduced',
    matched: ['x'],
    instead: ['x'],
    elsewhere: ['x'],
    unsettled: ['x'],
    verdict: 'undeclared',
    leaves: ['x'],
    gates: ['x'],
    unreached: ['x'],
    differences: ['x'],
  };
  const receipt: Receipt = {
    schema: 'avow.receipt/1',
    locator: 'x',
    said: 'x',
    product: { target: 'x', digest: DIGEST },
    module: { path: 'x', digest: DIGEST },
    declaration: DIGEST,
    engine: { version: 'x', digest: DIGEST },
    rules: { update: 1, digest: DIGEST },
    result: DIGEST,
    recheck,
  };
  const run = {
    runner: 'x',
    at: 'x',
    receipt: DIGEST,
    product: DIGEST,
    engine: DIGEST,
    rules: DIGEST,
    result: DIGEST,
    outcome: 'x',
  };
  const found = poisoned({
    ...caseOf([]),
    id: 'case-1',
    locator: 'x',
    said: 'x',
    target: 'x',
    claims: ['claim-1'],
    contents: [DIGEST],
    openedAt: 'x',
    notifiedAt: 'x',
    product: DIGEST,
    parties: [{ name: 'x', role: 'vendor' as const }],
    statements: [
      {
        by: { name: 'x', role: 'vendor' as const },
        at: 'x',
        text: DIGEST,
        stance: 'x',
        locator: 'x',
      },
    ],
    evidence: [{ digest: DIGEST, name: 'x', by: 'x' }],
    runs: [run],
    missed: [{ at: 'x', says: 'x' }],
    embargo: { state: 'active' as const, end: 'x', consents: {} },
    proposal: {
      by: 'x',
      at: 'x',
      outcome: 'unknown' as const,
      summary: 'x',
      approvedBy: 'x',
      decidedAt: 'x',
    },
  });
  const event: DocketEvent = {
    number: 1,
    subject: 'x',
    version: 1,
    at: 'x',
    move: 'x',
    actor: { name: 'x', role: 'claimant' },
    data: {},
  };
  const page = casePage({
    found,
    events: [poisoned(event)],
    receipts: [poisoned(receipt)],
    declarations: new Set([HOSTILE]),
    texts: new Map([[HOSTILE, HOSTILE]]),
    products: [HOSTILE],
  });
  assert.ok(
    !page.includes('<script'),
    page.slice(page.indexOf('<script') - 80, page.indexOf('<script') + 20),
  );
  assert.equal(page.match(/<\/style>/g)?.length, 1);
  assert.equal(page.match(/<\/title>/g)?.length, 1);
  assert.ok(!/[\u202e\u0000\u001b]/.test(page) && page.isWellFormed());
});

test('documents and feeds are well-formed whatever stands in their fields', () => {
  for (const advisory of ADVISORIES) {
    const hostile = {
      ...advisory,
      summary: HOSTILE,
      title: HOSTILE,
      said: HOSTILE,
      leaves: [HOSTILE],
    };
    assert.ok(JSON.parse(JSON.stringify(csafDocument(hostile, PUBLISHER))));
    const atom = atomFeed([hostile], { ...PUBLISHER, name: HOSTILE });
    assert.ok(!atom.includes('<script') && !/[\u202e\u0000\u001b]/.test(atom));
  }
});

test('dates in the future: an embargo has its ceiling, and a clock far ahead and back moves nothing backwards', () => {
  const open = {
    move: 'open',
    actor: { name: 'avow', role: 'system' as const },
    data: { locator: 'pkg:npm/x@1 @all' },
  };
  const start = Date.parse('2026-11-23T12:00:00Z');
  const found = caseAfter(caseOf([]), open, timeText(start), 'case-1');
  const asked = (end: string) =>
    caseAfter(
      found,
      { move: 'embargo.propose', actor: { name: 'maker', role: 'vendor' }, data: { end } },
      timeText(start),
    );
  for (const end of [
    '9999-12-31T23:59Z',
    '+275760-09-13T00:00Z',
    '2026-13-01T00:00Z',
    '2027-01-01',
    '',
  ]) {
    assert.throws(() => asked(end), { code: 'docket.needs' }, end);
  }
  assert.equal(asked('2026-12-24T18:00+01:00').embargo.asked, '2026-12-24T18:00+01:00');
});
