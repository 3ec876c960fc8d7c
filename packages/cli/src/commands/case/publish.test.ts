import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DISK, type Disk } from '@avow/stores';
import { openDocketFolder } from '@avow/stores/docket';
import { failingDisk } from '../../../../stores/src/contract/failing-disk.ts';
import { AtOnce } from './at-once.ts';
import { publishCaseCommand } from './publish.ts';
import { decided } from './testdata/decided.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-publish-'));
after(() => rmSync(root, { recursive: true }));
let time = 0;
before(async () => {
  time = await decided(join(root, 'decided'));
});

const OLD = new Map([
  ['white/2026/a.json', 'old a'],
  ['white/index.txt', 'old index'],
]);
const NEW = new Map([
  ['white/2026/a.json', 'new a'],
  ['white/2026/b.json', 'new b'],
  ['osv/b.json', 'new osv'],
  ['white/index.txt', 'new index'],
]);

function filesIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  return new Map(
    paths
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const)
      .filter(([path]) => !path.startsWith('.'))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function sorted(files: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The disk as it fails at one change, or as it is left by one that is killed at it. */
const FATES: Readonly<Record<string, (at: number) => Disk>> = {
  'the disk is full': (at) => failingDisk(DISK, (_, n) => (n === at ? 'fails' : 'works')),
  'the disk fills up': (at) => failingDisk(DISK, (_, n) => (n === at ? 'fails-halfway' : 'works')),
  killed: (at) => failingDisk(DISK, (_, n) => (n >= at ? 'fails-halfway' : 'works')),
};

for (const [name, diskAt] of Object.entries(FATES)) {
  test(`${name} at each change in turn: all files are as before, or all are new once the next one has begun`, async () => {
    let [wereOld, wereNew] = [0, 0];
    for (let at = 0; ; at++) {
      assert.ok(at < 100);
      const folder = join(root, `${name}-${at}`);
      await (await AtOnce.prepare(folder, OLD)).commit();
      let isDone = true;
      try {
        await (await AtOnce.prepare(folder, NEW, diskAt(at))).commit();
      } catch {
        isDone = false;
      }
      const isDecided = existsSync(join(folder, '.published'));
      if (!isDone && !isDecided) {
        const now = filesIn(folder);
        assert.deepEqual(now, now.get('osv/b.json') === undefined ? OLD : sorted(NEW));
      }
      // Whoever comes next finishes what was decided, and clears what was not.
      await (await AtOnce.prepare(folder, new Map())).discard();
      const now = filesIn(folder);
      const isNew = now.get('white/2026/a.json') === 'new a';
      assert.deepEqual(now, isNew ? sorted(NEW) : OLD, `at change ${at}`);
      assert.ok(isNew || !isDone);
      assert.deepEqual(
        readdirSync(folder).filter((one) => one.startsWith('.')),
        [],
      );
      if (isNew) wereNew++;
      else wereOld++;
      if (isDone) break;
    }
    assert.ok(wereOld > 8 && wereNew > 3, `${wereOld} as before, ${wereNew} new`);
  });
}

/** As much as a publication writes, and more. */
const MAX_CHANGES = 90;

test('a full disk at each change of a publication: it is out with all its files, or not at all, and the same command again publishes it', async () => {
  let refused = 0;
  for (let at = 0; at < MAX_CHANGES; at += 3) {
    const docket = join(root, `docket-${at}`);
    const output = join(root, `out-${at}`);
    cpSync(join(root, 'decided'), docket, { recursive: true });
    const disk = failingDisk(DISK, (_, number) => (number === at ? 'fails-halfway' : 'works'));
    const publish = (on?: Disk) => published(docket, output, on);
    const isDone = await publish(disk).then(
      () => true,
      () => false,
    );
    const state = await stateOf(docket);
    const files = existsSync(output) ? filesIn(output) : new Map();
    if (!isDone) refused++;
    if (state === 'decided') assert.deepEqual([isDone, files.size], [false, 0]);
    await publish();
    assert.equal(await stateOf(docket), 'published');
    assert.ok(filesIn(output).has('white/feed-tlp-white.json'));
    if (isDone) assert.deepEqual([...files.keys()], [...filesIn(output).keys()]);
  }
  assert.ok(refused > 10, `${refused} refused`);
});

test('a log that does not take it is told before anything is out', async () => {
  const docket = join(root, 'docket-log');
  const output = join(root, 'out-log');
  cpSync(join(root, 'decided'), docket, { recursive: true });
  await assert.rejects(published(docket, output, undefined, join(root, 'no-log')));
  assert.equal(await stateOf(docket), 'decided');
  assert.equal(existsSync(output), false);
});

async function published(docket: string, output: string, disk?: Disk, log?: string): Promise<void> {
  const options = {
    docket,
    output,
    as: 'publisher:pia',
    name: 'Example Docket',
    namespace: 'https://docket.example',
    base: 'https://docket.example/csaf',
    prefix: 'avow',
    cache: false,
    ...(log === undefined ? {} : { log }),
  };
  await publishCaseCommand('case-1', options, () => time, new AbortController().signal, disk);
}

async function stateOf(docket: string): Promise<string | undefined> {
  const { store, close } = openDocketFolder(docket);
  const [row] = await store.list({ kind: 'case', limit: 1 });
  close();
  return row?.state;
}
