import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Docket } from '@avow/docket';
import { openDocketFolder } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-asked-again-'));
after(() => rmSync(root, { recursive: true }));

test('a claim is answered once, however often a worker that did not hear asks again', async () => {
  const folder = openDocketFolder(root);
  const docket = new Docket(folder.store, folder.kept, Date.now);
  const { id } = await docket.write('cleo', 'it phones home');
  const movesOf = async () => (await folder.store.eventsOf(id)).map(({ move }) => move);

  await docket.handIn(id, 'it phones home', [], {}, 'first');
  await assert.rejects(docket.handIn(id, 'it phones home', [], {}, 'first'), {
    code: 'docket.answered',
  });
  assert.deepEqual(await movesOf(), ['write', 'submit', 'turnBack']);

  const twice = await Promise.allSettled([
    docket.handIn(id, 'it phones home at night', [], {}, 'second'),
    docket.handIn(id, 'it phones home at night', [], {}, 'second'),
  ]);
  assert.deepEqual(twice.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  assert.deepEqual(await movesOf(), ['write', 'submit', 'turnBack', 'turnBackAgain']);

  // The same words again, asked anew, are answered anew: what is kept may have changed.
  await docket.handIn(id, 'it phones home at night', [], {}, 'third');
  assert.equal((await movesOf()).length, 5);
});
