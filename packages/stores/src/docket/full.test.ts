import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { auditChain, Docket, type DocketEvent } from '@avow/docket';
import { type Fate, failingDisk } from '../contract/failing-disk.ts';
import { DISK } from '../log/disk.ts';
import { KeptFiles } from './kept.ts';
import { DocketDatabase } from './sqlite.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-docket-full-'));
after(() => rmSync(root, { recursive: true }));

/** More changes of the disk than a claim makes. */
const MAX_CHANGES = 40;
const TEXTS = ['it phones home', 'pkg:npm/x@1.0.0#a.js @line:1', 'a third text'];

for (const fate of ['fails', 'fails-halfway'] as const satisfies Fate[]) {
  test(`the disk is full (${fate}) at each change in turn: what was acknowledged is there and nothing is half there`, async () => {
    let failures = 0;
    for (let at = 0; at < MAX_CHANGES; at++) {
      const folder = join(root, `${fate}-${at}`);
      const store = new DocketDatabase(join(folder, 'docket.sqlite'));
      const disk = failingDisk(DISK, (_, number) => (number === at ? fate : 'works'));
      const kept = new KeptFiles(join(folder, 'kept'), disk);
      const docket = new Docket(store, kept, () => Date.parse('2026-11-23T12:00:00Z'));
      const acknowledged: string[] = [];
      for (const text of TEXTS) {
        try {
          const { id } = await docket.write('cleo', text);
          acknowledged.push(id);
          await docket.handIn(id, text, []);
        } catch (error) {
          assert.match((error as Error).message, /ENOSPC/);
          failures++;
        }
      }
      // Looked at anew, as after a restart, with a disk that has room again.
      const fresh = new KeptFiles(join(folder, 'kept'));
      const events: DocketEvent[] = [];
      for await (const event of store.events()) events.push(event);
      auditChain(events);
      for (const id of acknowledged) assert.ok(events.some(({ subject }) => subject === id));
      for (const { data } of events) {
        const text = data['text'];
        if (typeof text !== 'string') continue;
        const bytes = await fresh.read(text as `sha256:${string}`);
        assert.ok(bytes !== undefined, 'an event speaks of a text that is not there');
      }
      const again = new Docket(store, fresh, () => Date.parse('2026-11-24T12:00:00Z'));
      const { id } = await again.write('cleo', TEXTS[0]!);
      assert.equal((await again.handIn(id, TEXTS[0]!, [])).state, 'returned');
      store.close();
    }
    assert.ok(failures > 5, `${failures} failures were met`);
  });
}
