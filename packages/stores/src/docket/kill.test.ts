import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditChain, caseOf, claimOf, type DocketEvent } from '@avow/docket';
import { openDocketFolder } from './folder.ts';

/** 500 in the long run (`AVOW_KILLS=500`). */
const KILLS = Number(process.env['AVOW_KILLS'] ?? 15);
const CHILD = join(import.meta.dirname, '../contract/docket-kill-child.ts');

test(`killed at ${KILLS} random moments: every acknowledged move is there, none twice, the chain whole`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-docket-kill-'));
  const acknowledged = new Map<string, number>();
  const artifacts = new Map<string, string>();
  for (let run = 0; run < KILLS; run++) {
    await runAndKill(folder, run, 1 + ((run * 7919) % 160), acknowledged, artifacts);
    const { store, close, kept, artifacts: known } = openDocketFolder(folder);
    const events: DocketEvent[] = [];
    for await (const event of store.events()) events.push(event);
    auditChain(events);
    const subjects = Map.groupBy(events, ({ subject }) => subject);
    for (const [subject, version] of acknowledged) {
      assert.ok((subjects.get(subject)?.length ?? 0) >= version, `${subject} lost a move`);
    }
    for (const [subject, own] of subjects) {
      if (subject.startsWith('case-')) caseOf(own);
      else claimOf(own);
    }
    const named = new Map((await known.artifactsNamed('npm/x')).map((one) => [one.target, one]));
    for (const [target, digest] of artifacts) {
      assert.equal(named.get(target)?.digest, digest, `${target} is not named`);
      const bytes = await kept.read(digest as `sha256:${string}`);
      assert.ok(bytes !== undefined, `${target} is not kept`);
    }
    close();
  }
  assert.ok(acknowledged.size > KILLS / 2, `${acknowledged.size} subjects were acknowledged`);
  console.log(`${KILLS} kills, ${acknowledged.size} subjects acknowledged, none lost`);
  rmSync(folder, { recursive: true });
});

async function runAndKill(
  folder: string,
  run: number,
  milliseconds: number,
  acknowledged: Map<string, number>,
  artifacts: Map<string, string>,
): Promise<void> {
  const child = spawn(process.execPath, [CHILD, folder, `${run}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  let rest = '';
  // Mostly once something was acknowledged: on a busy machine the first move alone may take longer.
  let start = run % 3 === 0 ? 'ready' : 'ack';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [word, subject = '', version = ''] = line.split(' ');
      if (word === start) {
        start = '';
        setTimeout(() => child.kill('SIGKILL'), milliseconds);
      }
      if (word === 'ack') acknowledged.set(subject, Number(version));
      if (word === 'kept') artifacts.set(subject, version);
    }
  });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  assert.equal(signal, 'SIGKILL', `the docket ended by itself: ${errors}`);
}
