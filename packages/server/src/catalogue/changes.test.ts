import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import type { Identity } from '../access/identity.ts';
import { type TestService, testService } from '../testdata/service.ts';

const ann: Identity = { kind: 'account', id: 'ann', name: 'ann', grants: [], secondFactor: false };
const AT = '2026-11-23T12:00:00.000Z';

/** A release whose result document has a feature for each recipient. */
async function release(
  { stores }: TestService,
  version: string,
  recipients: readonly string[],
  isPublic = true,
): Promise<number> {
  const target = `pkg:npm/x@${version}`;
  const digest = await stores.objects.keep(utf8Bytes(target));
  const features = recipients.map((recipient) => ({
    id: recipient,
    feature: 'net.http',
    locator: `${target}#a.js @line:1`,
    evidence: 'fetch',
    recipient,
    when: 'call',
    rule: 'r',
  }));
  const document = await stores.objects.keep(
    utf8Bytes(
      JSON.stringify({
        product: { target, digest, size: 1 },
        ...{ modules: [], databases: [], flows: [], unknowns: [], findings: [] },
        features,
        coverage: { bytes: 1, bytesRead: 1, modules: 0, modulesRead: 0 },
      }),
    ),
  );
  const number = await stores.catalogue.addRelease({
    ...{ name: 'npm/x', target, version, digest, size: 1, isPublic, at: AT },
    owner: 'ann',
  });
  const examination = await stores.catalogue.beginExamination({
    ...{ release: number, document, answer: 'none-found', coverage: '{}', at: AT },
    engine: { version: '1', digest },
    rules: { update: 1, digest },
    counts: { modules: 0, features: features.length, flows: 0, findings: 0, unknowns: 0 },
  });
  await stores.catalogue.finish(number, examination);
  return number;
}

test('two releases are compared by what they can do, a page at a time', async () => {
  const service = await testService({ ann });
  try {
    const old = await release(service, '1', ['kept.example', 'gone.example']);
    const now = await release(service, '2', ['kept.example', 'a.example', 'b.example']);
    const path = `releases/${now}/changes/${old}`;
    const { body } = await service.json('GET', `${path}?limit=1`);
    assert.deepEqual(body.counts.features, { gained: 2, lost: 1 });
    assert.deepEqual(
      [body.features.gained, body.features.lost].map((all: { recipient: string }[]) =>
        all.map(({ recipient }) => recipient),
      ),
      [['a.example'], ['gone.example']],
    );
    const more = await service.json('GET', `${path}?limit=1&from=${body.next}`);
    assert.equal(more.body.features.gained[0].recipient, 'b.example');
    assert.equal(more.body.next, undefined);
  } finally {
    await service.close();
  }
});

test('a release that one may not see is compared with nothing, from either side', async () => {
  const service = await testService({ ann });
  try {
    const hidden = await release(service, '1', [], false);
    const open = await release(service, '2', []);
    for (const path of [
      `releases/${open}/changes/${hidden}`,
      `releases/${hidden}/changes/${open}`,
    ]) {
      assert.equal((await service.json('GET', path)).status, 404, path);
      assert.equal((await service.json('GET', path, { as: 'ann' })).status, 200, path);
    }
  } finally {
    await service.close();
  }
});
