import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@avow/bytes';
import { check, parseCheckPolicy } from '@avow/check';
import {
  entryBytes,
  leafHash,
  manifestBytes,
  noteSigner,
  noteVerifier,
  parseProofFile,
  printCheckpoint,
  printNote,
  printProofFile,
  printVerifierKey,
  signNote,
  TileEdge,
  TreeReader,
  verifierKeyOf,
  verifyProofFile,
} from '@avow/log';
import { openProduct } from '@avow/products';
import { inventoryOf } from '../packages/cli/src/commands/log/inventory.ts';

const KEY = {
  name: 'log.example/bench',
  type: 'ed25519',
  seed: new Uint8Array(32).fill(3),
} as const;

/** A log of `size` entries in memory, and the proof of one of them. */
async function provenEntry(entry: Uint8Array, size: number): Promise<Uint8Array> {
  const edge = new TileEdge();
  const files = new Map<string, Uint8Array>();
  const filler = new Uint8Array(200);
  const index = BigInt(Math.floor(size * 0.77));
  for (let number = 0n; number < size; number++) {
    edge.append(number === index ? entry : filler);
  }
  for (const { path, bytes } of edge.takeFiles()) files.set(path, bytes);
  const head = { size: edge.size, root: edge.root() };
  const text = printCheckpoint({ origin: KEY.name, ...head, extensions: [] });
  const checkpoint = printNote(signNote(text, [noteSigner(KEY, () => 1n)]));
  const tree = new TreeReader({ read: async (path) => files.get(path) }, head);
  const { proof } = await tree.inclusion(index);
  return printProofFile({ extra: entry, index, path: proof, checkpoint });
}

/** Milliseconds to read a proof file and verify signature and inclusion, mean of 2,000. */
export async function verificationTime(): Promise<number> {
  const entry = entryBytes({ type: 'claim', digest: digestOf('claim') });
  const file = await provenEntry(entry, 100_000);
  const keys = [noteVerifier(verifierKeyOf(KEY))];
  const verify = () => verifyProofFile(parseProofFile(file), leafHash(entry), KEY.name, keys);
  for (let round = 0; round < 200; round++) verify();
  const began = performance.now();
  for (let round = 0; round < 2000; round++) verify();
  return (performance.now() - began) / 2000;
}

/** Seconds that a check of 10,000 files takes, and that reading and SHA-256 of them take alone. */
export async function checkTimes(): Promise<{ readonly check: number; readonly sha256: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-bench-product-'));
  writeProduct(folder);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const hashAll = () => {
    for (const path of paths) digestOf(readFileSync(path));
  };
  const { members } = await inventoryOf(await openProduct(folder), false);
  const manifest = manifestBytes({ schema: 'avow.release/1', members });
  const entry = entryBytes({
    type: 'release',
    maker: 'bench',
    product: 'bench',
    channel: 'stable',
    number: 1,
    digest: digestOf('artifact'),
    size: 1,
    manifest: digestOf(manifest),
  });
  const proof = await provenEntry(entry, 1_000);
  const policy = parseCheckPolicy(
    Buffer.from(
      JSON.stringify({
        schema: 'avow.policy/1',
        product: 'bench',
        channel: 'stable',
        trust: [`log ${printVerifierKey(verifierKeyOf(KEY))}`, 'quorum none'],
      }),
    ),
  );
  const checkAll = async () => {
    const { listed } = await openProduct(folder);
    const installed = [...listed!].map(([path, digest]) => ({ path, digest }));
    const input = {
      policy,
      installed: { members: installed },
      evidence: { proof },
      manifest,
      now: 2n,
    };
    const { answer } = check(input);
    if (answer !== 'good') throw new Error(answer);
  };
  const times = await bestOf(checkAll, hashAll);
  rmSync(folder, { recursive: true });
  return times;
}

/** 10,000 files of 1 to 31 KiB in 100 folders: the sizes of a large npm tree. */
function writeProduct(folder: string): void {
  for (let number = 0; number < 10_000; number++) {
    const sub = join(folder, `d${number % 100}`);
    if (number < 100) mkdirSync(sub);
    const bytes = Buffer.alloc(1024 * (1 + (number % 31)));
    bytes.write('text ');
    randomFillSync(bytes, 8, 64);
    writeFileSync(join(sub, `f${number}.dat`), bytes);
  }
}

/** The best of five rounds of each, in turn, so that both meet the same neighbours. */
async function bestOf(
  checkAll: () => Promise<void>,
  hashAll: () => void,
): Promise<{ readonly check: number; readonly sha256: number }> {
  const best = { check: Number.POSITIVE_INFINITY, sha256: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    await checkAll();
    const between = performance.now();
    hashAll();
    best.check = Math.min(best.check, (between - began) / 1000);
    best.sha256 = Math.min(best.sha256, (performance.now() - between) / 1000);
  }
  return best;
}
