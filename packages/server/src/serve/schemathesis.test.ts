import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Identity } from '../access/identity.ts';
import { listen } from '../listen.ts';
import { OBJECTS } from '../testdata/objects.ts';
import { testService } from '../testdata/service.ts';

/** A Python that has it: `.ci/run` sets AVOW_PYTHON. */
const PYTHON = process.env['AVOW_PYTHON'] ?? 'python3';
const COMMAND = ['-m', 'schemathesis.cli'];
const hasIt = spawnSync(PYTHON, [...COMMAND, '--version']).status === 0;
const SECONDS = Number(process.env['AVOW_FUZZ_SECONDS'] ?? 30);

const LEAD: Identity = {
  kind: 'account',
  id: 'ann',
  name: 'ann',
  grants: (['lead', 'investigator', 'publisher', 'administrator'] as const).map((role) => ({
    role,
  })),
  secondFactor: true,
};

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
];

test(`Schemathesis finds no fault and no breach of the document in ${SECONDS} seconds`, {
  skip: hasIt ? false : `${PYTHON} has no schemathesis`,
}, async () => {
  const service = await testService({ lead: LEAD });
  for (const kind of ['product', 'release', 'claim', 'case', 'webhook']) {
    await OBJECTS[kind]!(service.stores, true);
  }
  const listening = await listen(service.app, '127.0.0.1', 0);
  const folder = mkdtempSync(join(tmpdir(), 'avow-schemathesis-'));
  try {
    const child = spawn(
      PYTHON,
      [
        ...COMMAND,
        ...['run', `${listening.url}/api/v1/openapi.json`, '--url', `${listening.url}/api/v1`],
        ...['--header', 'x-test-as: lead', '--checks', CHECKS.join(',')],
        // Streams that never end.
        ...['--exclude-path-regex', '/events$', '--max-time', String(SECONDS)],
        ...['--seed', '7', '--suppress-health-check', 'all', '--request-timeout', '20'],
        ...['--no-color', '--warnings', 'off', '--continue-on-failure'],
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [out, err, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    assert.equal(status, 0, `${out.slice(-6_000)}${err.slice(-1_000)}`);
    console.log(/^\s*(\d+ generated.*)$/m.exec(out)?.[1]);
  } finally {
    await listening.stop(100);
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
