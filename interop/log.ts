import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.ts';
import { append, avow, Bench, checkpointOf, makeLog, serve } from './site.ts';
import { toolPath, verifierPath } from './tools.ts';

/** tessera's fsck, over HTTP and on the files, before and after its hammer. */
export async function fsckAndHammer(): Promise<string> {
  const bench = new Bench();
  try {
    const log = await makeLog(bench, 'hammered');
    const site = bench.keep(
      await serve(['log', 'serve', log.folder, '--listen', '0', '--any-entry']),
    );
    const texts = Array.from({ length: 600 }, (_, number) => `entry ${number}`);
    await checkpointOf(site.url, (await append(site.url, texts)) + 1n);
    const keyFile = bench.path('log.pub');
    writeFileSync(keyFile, log.key);
    const files = `file://${join(log.folder, 'public')}/`;
    await fsck(site.url, keyFile, log.origin);
    await fsck(files, keyFile, log.origin);
    const hammer = await run(toolPath('hammer'), [
      `--log_url=${site.url}`,
      `--log_public_key=${log.key}`,
      '--show_ui=false',
      '--max_read_ops=300',
      '--num_readers_random=4',
      '--num_readers_full=2',
      '--max_write_ops=300',
      '--num_writers=64',
      '--leaf_min_size=200',
      '--leaf_write_goal=3000',
      '--max_runtime=90s',
    ]);
    assert.equal(hammer.status, 0, hammer.output);
    assert.doesNotMatch(hammer.output, /error|failed/i);
    await fsck(site.url, keyFile, log.origin);
    await fsck(files, keyFile, log.origin);
    await refusesDamaged(bench, log, keyFile);
    const size = (await checkpointOf(site.url, 0n)).split('\n')[1];
    return `${size} entries, by HTTP and as files`;
  } finally {
    await bench.clear();
  }
}

async function fsck(url: string, keyFile: string, origin: string): Promise<void> {
  const { status, output } = await run(toolPath('fsck'), [
    `--storage_url=${url}`,
    `--public_key=${keyFile}`,
    `--origin=${origin}`,
    '--ui=false',
  ]);
  // It ends with 0 whatever it finds: what it says is what counts.
  const isSound = status === 0 && /Successfully fsck'd log/.test(output);
  assert.ok(isSound, `fsck ${url}: ${output}`);
}

/** The length of one entry changed: a fsck that accepts it would show nothing of ours either. */
async function refusesDamaged(
  bench: Bench,
  log: { readonly folder: string; readonly origin: string },
  keyFile: string,
): Promise<void> {
  const copy = bench.path('damaged');
  cpSync(join(log.folder, 'public'), copy, { recursive: true });
  const path = join(copy, 'tile', 'entries', '000');
  const bytes = readFileSync(path);
  bytes[10]! ^= 1;
  writeFileSync(path, bytes);
  await assert.rejects(fsck(`file://${copy}/`, keyFile, log.origin), /fsck/, 'damage was accepted');
}

/** A Go program on other people's libraries accepts our proof, and no altered one. */
export async function proofInGo(): Promise<string> {
  const bench = new Bench();
  try {
    const log = await makeLog(bench, 'proven');
    const site = bench.keep(
      await serve(['log', 'serve', log.folder, '--listen', '0', '--any-entry']),
    );
    const texts = Array.from({ length: 300 }, (_, number) => `entry ${number}`);
    await checkpointOf(site.url, (await append(site.url, texts)) + 1n);
    const proof = bench.path('entry.tlog-proof');
    const entry = bench.path('entry');
    const verifier = verifierPath();
    for (const number of [0, 255, 256, 299]) {
      const made = await avow([
        'log',
        'prove',
        site.url,
        `${number}`,
        '--key',
        log.key,
        '-o',
        proof,
      ]);
      assert.equal(made.status, 0, made.output);
      writeFileSync(entry, texts[number]!);
      const { status, output } = await run(verifier, [log.key, entry, proof]);
      assert.equal(status, 0, output);
      writeFileSync(entry, `${texts[number]} altered`);
      const altered = await run(verifier, [log.key, entry, proof]);
      assert.notEqual(altered.status, 0, 'an altered entry was accepted');
    }
    return 'entries 0, 255, 256 and 299 of 300';
  } finally {
    await bench.clear();
  }
}
