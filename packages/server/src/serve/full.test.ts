import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditChain, type DocketEvent } from '@avow/docket';
import type { Identity } from '../access/identity.ts';
import { testService } from '../testdata/service.ts';

const ANN: Identity = { kind: 'account', id: 'ann', name: 'ann', grants: [], secondFactor: true };

/** A disk of so many megabytes, in memory; why there is none where it cannot be made. */
function smallDisk(megabytes: number): { folder: string } | { reason: string } {
  const folder = mkdtempSync(join(tmpdir(), 'avow-full-'));
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder];
    execFileSync('mount', options, { stdio: 'ignore' });
    return { folder };
  } catch {
    rmSync(folder, { recursive: true });
    return { reason: 'nobody may mount a small disk here' };
  }
}

const disk = smallDisk(8);

test('a full disk is 507 for what is written, nothing half there, and all goes on when there is room', {
  skip: 'reason' in disk ? disk.reason : false,
}, async () => {
  if ('reason' in disk) return;
  const service = await testService({ ann: ANN }, {}, { within: disk.folder });
  const acknowledged = new Map<string, string>();
  const patch = (id: string, at: number, bytes: Uint8Array) =>
    service.json('PATCH', `uploads/${id}`, {
      as: 'ann',
      body: bytes,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(at) },
    });
  const write = async (number: number) => {
    const text = `claim ${number} ${'a'.repeat(20_000)}`;
    const written = await service.stores.docket.write('ann', text).catch((error) => error);
    if (!(written instanceof Error)) acknowledged.set(written.id, text);
  };
  try {
    for (let number = 0; number < 20; number++) await write(number);
    const size = 16 * 1024 ** 2;
    const { body: upload } = await service.json('POST', 'uploads', {
      as: 'ann',
      body: { file: 'a.tgz', size },
    });
    let at = 0;
    let full = 0;
    while (full < 3) {
      const part = await patch(upload.id, at, new Uint8Array(1024 ** 2));
      if (part.status === 200) at = part.body.offset;
      else {
        assert.equal(part.status, 507, JSON.stringify(part.body));
        assert.match(part.body.code, /^(?:server|storage)\.full$/);
        full++;
      }
    }
    const kept = await service.json('GET', `uploads/${upload.id}`, { as: 'ann' });
    assert.equal(kept.body.offset, at, 'a part that did not fit counts for nothing');
    for (let number = 20, refused = 0; refused < 5; number++) {
      assert.ok(number < 2_000, 'the disk does not fill');
      await write(number);
      const made = await service.json('POST', 'uploads', {
        as: 'ann',
        body: { file: `${number}.tgz`, size: 10 },
      });
      if (made.status === 201) continue;
      assert.equal(made.status, 507, JSON.stringify(made.body));
      refused++;
    }
    assert.equal((await service.ask('GET', 'products')).status, 200, 'reading goes on');
    await service.json('DELETE', `uploads/${upload.id}`, { as: 'ann' });
    execFileSync('mount', ['-o', 'remount,size=64m', disk.folder]);
    const after = await service.json('POST', 'uploads', {
      as: 'ann',
      body: { file: 'b.tgz', size: 10 },
    });
    assert.equal(after.status, 201, 'there is room again');
    const events: DocketEvent[] = [];
    for await (const event of service.stores.store.events()) events.push(event);
    auditChain(events);
    for (const [id, text] of acknowledged) {
      const { texts } = await service.stores.docket.claim(id);
      assert.equal(await service.stores.docket.textOf(texts.at(-1)! as `sha256:${string}`), text);
    }
    assert.ok(acknowledged.size >= 20, `${acknowledged.size} claims`);
  } finally {
    await service.close();
    execFileSync('umount', [disk.folder]);
    rmSync(disk.folder, { recursive: true, force: true });
  }
});
