import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import { type TestService, testService } from '../testdata/service.ts';

const AT = '2026-11-23T12:00:00.000Z';
const PATH = 'daily.cf';

/** What records do, as a result document has it. */
const group = (recipient: string, count: number) => ({
  ...{ target: 'mail', action: 'send', visibility: 'silent', destination: 'third-party' },
  ...{ recipient, reach: 'all', rank: 'high', count, first: `pkg:npm/x@1#${PATH} @line:1` },
});

/** A release with a database of `[id, content]` records. */
async function update(
  { stores }: TestService,
  version: string,
  records: readonly (readonly [id: string, content: string])[],
  does: readonly ReturnType<typeof group>[] = [],
  isPublic = true,
): Promise<number> {
  const target = `pkg:npm/x@${version}`;
  const digest = await stores.objects.keep(utf8Bytes(target));
  const databases = [{ path: PATH, format: 'spamassassin', update: version, does }];
  const document = await stores.objects.keep(utf8Bytes(JSON.stringify({ databases })));
  const release = await stores.catalogue.addRelease({
    ...{ name: 'npm/x', target, version, digest, size: 1, isPublic, at: AT },
  });
  const examination = await stores.catalogue.beginExamination({
    ...{ release, document, answer: 'none-found', coverage: '{}', at: AT },
    engine: { version: '1', digest },
    rules: { update: 1, digest },
    counts: { modules: 0, features: 0, flows: 0, findings: 0, unknowns: 0 },
  });
  const counts = { records: records.length, understood: records.length };
  const common = { path: PATH, format: 'spamassassin', update_number: version, digest };
  const number = await stores.catalogue.addUpdate(examination, { ...common, ...counts });
  await stores.catalogue.putRecords(
    number,
    records.map(([id, content], at) => ({
      ...{ id, member: PATH, line: at + 1, text: content },
      digest: `sha256:${Buffer.from(content).toString('hex').padEnd(64, '0')}`,
    })),
  );
  await stores.catalogue.finish(release, examination);
  return number;
}

const said = (items: { change: string; old?: { text: string }; now?: { text: string } }[]) =>
  items.map(({ change, old, now }) => `${change} ${old?.text ?? '-'} ${now?.text ?? '-'}`);

test('two updates are held against each other: what records do first, then each record', async () => {
  const service = await testService({});
  try {
    const old = await update(
      service,
      '1',
      [
        ['KEPT', 'a'],
        ['CHANGED', 'b'],
        ['GONE', 'c'],
        ['TWICE', 'd'],
        ['TWICE', 'e'],
        ['', 'f'],
      ],
      [group('kept.example', 2), group('gone.example', 1)],
    );
    const now = await update(
      service,
      '2',
      [
        ['\u{10000}NEW', 'n'],
        ['\uffeeNEW', 'm'],
        ['TWICE', 'e'],
        ['TWICE', 'x'],
        ['CHANGED', 'B'],
        ['KEPT', 'a'],
        ['', 'g'],
      ],
      [group('kept.example', 3), group('new.example', 1)],
    );
    const { body: one } = await service.json('GET', `updates/${now}`);
    assert.equal(one.before.number, old);
    const { body } = await service.json('GET', `updates/${now}/changes/${old}`);
    assert.deepEqual(body.counts, { added: 3, removed: 2, changed: 2, same: 2 });
    assert.deepEqual(
      body.does.map((one: { recipient: string; old: number; now: number }) => [
        one.recipient,
        one.old,
        one.now,
      ]),
      [
        ['new.example', 0, 1],
        ['gone.example', 1, 0],
        ['kept.example', 2, 3],
      ],
    );
    assert.deepEqual(said(body.items), [
      'removed f -',
      'added - g',
      'changed b B',
      'removed c -',
      'changed d x',
      'added - m',
      'added - n',
    ]);
    const { body: added } = await service.json(
      'GET',
      `updates/${now}/changes/${old}?change=added&limit=2`,
    );
    assert.deepEqual(said(added.items), ['added - g', 'added - m']);
    const { body: rest } = await service.json(
      'GET',
      `updates/${now}/changes/${old}?change=added&limit=2&from=${added.next}`,
    );
    assert.deepEqual(said(rest.items), ['added - n']);
    assert.equal(rest.next, undefined);
  } finally {
    await service.close();
  }
});

test('the one before an update is of the version before, in whatever order they came', async () => {
  const service = await testService({});
  try {
    const newest = await update(service, '1.10.0', [['A', 'c']]);
    const oldest = await update(service, '1.2.0', [['A', 'a']]);
    const middle = await update(service, '1.9.0', [['A', 'b']]);
    const before = async (number: number) =>
      (await service.json('GET', `updates/${number}`)).body.before?.number;
    assert.equal(await before(newest), middle);
    assert.equal(await before(middle), oldest);
    assert.equal(await before(oldest), undefined);
  } finally {
    await service.close();
  }
});

test('an update that one may not see is compared with nothing, and is nobody’s previous one', async () => {
  const service = await testService({});
  try {
    const hidden = await update(service, '1', [['A', 'a']], [], false);
    const now = await update(service, '2', [['A', 'b']]);
    const { body } = await service.json('GET', `updates/${now}`);
    assert.equal(body.before, undefined);
    assert.equal((await service.json('GET', `updates/${now}/changes/${hidden}`)).status, 404);
    assert.equal((await service.json('GET', `updates/${hidden}`)).status, 404);
  } finally {
    await service.close();
  }
});
