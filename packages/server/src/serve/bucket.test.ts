import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Digest } from '@avow/bytes';
import { S3Double, type S3Fault, TEST_CREDENTIALS } from '@avow/stores/contract';
import type { Identity } from '../access/identity.ts';
import { testService } from '../testdata/service.ts';

const ANN: Identity = { kind: 'account', id: 'ann', name: 'ann', grants: [], secondFactor: true };
const FAULTS: readonly S3Fault[] = ['before', 'after', 'cut'];
const ROUNDS = 40;

test('a bucket that fails one request in ten loses nothing that was acknowledged', async () => {
  const double = await S3Double.start();
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  const keys = `s3://${accessKeyId}:${encodeURIComponent(secretAccessKey)}@`;
  const service = await testService({ ann: ANN }, { objects: double.url().replace('s3://', keys) });
  const statuses = new Map<number, number>();
  const texts = new Map<string, string>();
  const digests = new Set<string>();
  const counted = <T extends { readonly status: number }>(answer: T): T => {
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    return answer;
  };
  try {
    double.fault = (request) => (request % 10 === 9 ? FAULTS[request % FAULTS.length] : undefined);
    for (let round = 0; round < ROUNDS; round++) {
      const text = `claim ${round}`;
      const { id } = await service.stores.docket.write('ann', text);
      await service.stores.standing.add(id, 'owner', 'ann');
      texts.set(id, text);
      const bytes = Buffer.from(`artifact ${round}`);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      const body = { file: 'a.tgz', size: bytes.length, digest };
      const begun = counted(await service.json('POST', 'uploads', { as: 'ann', body }));
      const ended = counted(
        await service.json('PATCH', `uploads/${begun.body.id}`, {
          as: 'ann',
          body: new Uint8Array(bytes),
          headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
        }),
      );
      if (ended.status === 200) digests.add(digest);
    }
    double.fault = () => undefined;
    for (const [id, text] of texts) {
      const found = await service.json('GET', `claims/${id}/text`, { as: 'ann' });
      assert.equal(found.body.text, text);
    }
    for (const digest of digests) {
      assert.ok(await service.stores.objects.read(digest as Digest), `${digest} is gone`);
    }
    const odd = [...statuses.keys()].filter((one) => ![200, 201, 503].includes(one));
    assert.deepEqual(odd, [], 'a failing bucket is 503, and nothing else');
    assert.ok(digests.size > ROUNDS / 2, `${digests.size} of ${ROUNDS} uploads went in`);
    assert.ok(double.requests > ROUNDS, 'the bucket was asked');
  } finally {
    await service.close();
    await double.stop();
  }
});
