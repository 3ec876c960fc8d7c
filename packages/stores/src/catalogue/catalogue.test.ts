import assert from 'node:assert/strict';
import type { Digest } from '@avow/bytes';
import { onEachDatabase } from '../contract/each-database.ts';
import type { Database } from '../database/index.ts';
import { Catalogue, type NewFeature } from './catalogue.ts';
import type { Viewer } from './conditions.ts';
import { CatalogueLists } from './lists.ts';

const AT = '2026-11-23T12:00:00.000Z';
const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}`;
const PUBLIC: Viewer = { sees: 'public' };

const feature = (id: string, more: Partial<NewFeature> = {}): NewFeature => ({
  id,
  feature: 'net.http',
  locator: `pkg:npm/x@1#${id}.js @line:1`,
  recipient: null,
  at_time: 'call',
  rule: 'r',
  evidence: 'https.get(url)',
  record: null,
  ...more,
});

async function examined(
  database: Database,
  features: readonly NewFeature[],
  more: { version?: string; isPublic?: boolean; owner?: string } = {},
): Promise<{ catalogue: Catalogue; lists: CatalogueLists; release: number }> {
  const catalogue = await Catalogue.open(database);
  const { version = '1', isPublic = true, owner } = more;
  const release = await catalogue.addRelease({
    name: 'npm/x',
    target: `pkg:npm/x@${version}`,
    version,
    digest: digest(version),
    size: 10,
    isPublic,
    at: AT,
    ...(owner === undefined ? {} : { owner }),
  });
  await examine(catalogue, release, features);
  return { catalogue, lists: new CatalogueLists(database), release };
}

async function examine(
  catalogue: Catalogue,
  release: number,
  features: readonly NewFeature[],
): Promise<void> {
  const examination = await catalogue.beginExamination({
    release,
    document: digest('d'),
    engine: { version: '1', digest: digest('e') },
    rules: { update: 1, digest: digest('f') },
    answer: 'no-declaration',
    coverage: '{}',
    counts: { modules: 1, features: features.length, flows: 0, findings: 0, unknowns: 0 },
    at: AT,
  });
  await catalogue.putFeatures(examination, features);
  await catalogue.finish(release, examination);
}

onEachDatabase('the catalogue', (test) => {
  test('features are found by word, by kind and by recipient, page by page', async ({ open }) => {
    const all = [
      ...Array.from({ length: 7 }, (_, index) => feature(`f${index}`)),
      feature('g', { feature: 'net.dns', recipient: 'collect.example.org' }),
      feature('h', { feature: 'file.any', evidence: "fs.readFile('/etc/passwd')" }),
    ];
    const { lists } = await examined(await open(), all);
    const ids = async (filter: object, after?: string) => {
      const { rows, next } = await lists.features(filter, { viewer: PUBLIC, after, limit: 5 });
      return { ids: rows.map(({ id }) => id).join(' '), next };
    };
    assert.equal((await ids({ q: 'passwd' })).ids, 'h');
    assert.equal((await ids({ q: 'collect example' })).ids, 'g');
    assert.equal((await ids({ recipient: 'collect.example.org' })).ids, 'g');
    assert.equal((await ids({ feature: 'file.*' })).ids, 'h');
    assert.equal((await ids({ module: 'f1.js' })).ids, 'f1');
    assert.equal((await ids({ module: 'f1' })).ids, '', 'a part of a path is none');
    assert.equal((await ids({ module: '%' })).ids, '');
    const first = await ids({ feature: 'net.*' });
    assert.equal(first.ids, 'f0 f1 f2 f3 f4');
    assert.equal((await ids({ feature: 'net.*' }, first.next)).ids, 'f5 f6 g');
  });

  test('what is not public is in no list of others', async ({ open }) => {
    const database = await open();
    await examined(database, [feature('open')]);
    const { lists } = await examined(database, [feature('hidden')], {
      version: '2',
      isPublic: false,
      owner: 'ann',
    });
    const seenBy = async (viewer: Viewer) =>
      (await lists.features({}, { viewer, limit: 9 })).rows.map(({ id }) => id).join(' ');
    assert.equal(await seenBy(PUBLIC), 'open');
    assert.equal(await seenBy({ sees: 'public', account: 'ben' }), 'open');
    assert.equal(await seenBy({ sees: 'public', account: 'ann' }), 'open hidden');
    assert.equal(await seenBy({ sees: 'all' }), 'open hidden');
    assert.equal((await lists.counts())['releases'], 1);
  });

  test('an examination is seen when it is whole, and takes the place of the one before', async ({
    open,
  }) => {
    const { catalogue, lists, release } = await examined(await open(), [feature('old')]);
    const ids = async () =>
      (await lists.features({ q: 'https' }, { viewer: PUBLIC, limit: 9 })).rows.map(({ id }) => id);
    const next = await catalogue.beginExamination({
      release,
      document: digest('c'),
      engine: { version: '1', digest: digest('e') },
      rules: { update: 2, digest: digest('f') },
      answer: 'no-declaration',
      coverage: '{}',
      counts: { modules: 1, features: 1, flows: 0, findings: 0, unknowns: 0 },
      at: AT,
    });
    await catalogue.putFeatures(next, [feature('new')]);
    assert.deepEqual(await ids(), ['old']);
    await catalogue.finish(release, next);
    assert.deepEqual(await ids(), ['new']);
    assert.equal((await lists.release(release))?.rules_update, 2);
  });

  test('files are found by their names over all releases that one may see', async ({ open }) => {
    const database = await open();
    const { catalogue, lists, release } = await examined(database, []);
    const hidden = await examined(database, [], { version: '2', isPublic: false, owner: 'ann' });
    const file = (path: string) => ({ path, digest: digest('a'), size: 1 });
    await catalogue.putMembers(release, [
      file('lib/Scan.DLL'),
      file('scan.js'),
      file('a.zip!/lib/scan.js'),
      file('scanner.js'),
    ]);
    await catalogue.putMembers(hidden.release, [file('scan.dll')]);
    const found = async (name: string, viewer: Viewer = PUBLIC) =>
      (await lists.filesNamed(name, { viewer, limit: 9 })).map(
        (one) => `${one.target} ${one.path}`,
      );
    assert.deepEqual(await found('scan.dll'), ['pkg:npm/x@1 lib/Scan.DLL']);
    assert.deepEqual(await found('scan.js'), [
      'pkg:npm/x@1 a.zip!/lib/scan.js',
      'pkg:npm/x@1 scan.js',
    ]);
    assert.equal((await found('scan')).length, 3);
    assert.equal((await found('scan', { sees: 'all' })).length, 4);
  });

  test('the same bytes under the same name are one release', async ({ open }) => {
    const database = await open();
    const one = await examined(database, []);
    const two = await examined(database, []);
    assert.equal(one.release, two.release);
  });
});
