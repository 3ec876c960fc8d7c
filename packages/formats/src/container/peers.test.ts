import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createPackage } from '@electron/asar';
import { Random } from '../../../../tools/fuzz/random.ts';
import { openContainer } from './open.ts';

/**
 * What others write, we read back: the same files, byte for byte. The files are
 * made of a seed, so that a failure can be met again.
 */
const SEEDS = [1, 2, 3, 4, 5];

interface TarPack extends Readable {
  entry(header: object, data: Buffer): void;
  finalize(): void;
}

interface ZipPack {
  readonly outputStream: Readable;
  addBuffer(data: Buffer, name: string, options: object): void;
  end(options: object): void;
}

const require = createRequire(import.meta.url);
const tarStream = require('tar-stream') as { pack(): TarPack };
const yazl = require('yazl') as { ZipFile: new () => ZipPack };

type Files = ReadonlyMap<string, Buffer>;

function filesOf(seed: number): Files {
  const random = new Random(seed);
  const files = new Map<string, Buffer>();
  for (let i = 0; i < 40; i++) {
    const folder = random.pick(['', 'd/', 'ü/ö/', `${'long'.repeat(40)}/`]);
    const size = random.pick([0, 1, 511, 512, 513, 5000, 300_000]);
    files.set(`${folder}${i}.js`, Buffer.alloc(size, String.fromCharCode(97 + random.below(26))));
  }
  return files;
}

async function collect(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function tarOf(files: Files): Promise<Buffer> {
  const pack = tarStream.pack();
  for (const [name, data] of files) pack.entry({ name }, data);
  pack.finalize();
  return await collect(pack);
}

async function zipOf(files: Files, isZip64: boolean): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  let isPacked = false;
  for (const [name, data] of files) {
    isPacked = !isPacked;
    zip.addBuffer(data, name, { compress: isPacked, forceZip64Format: isZip64 });
  }
  zip.end({ forceZip64Format: isZip64 });
  return await collect(zip.outputStream);
}

async function asarOf(files: Files): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-asar-test-'));
  try {
    for (const [name, data] of files) {
      mkdirSync(dirname(join(folder, 'app', name)), { recursive: true });
      writeFileSync(join(folder, 'app', name), data);
    }
    await createPackage(join(folder, 'app'), join(folder, 'app.asar'));
    return readFileSync(join(folder, 'app.asar'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const WRITERS: Readonly<Record<string, (files: Files) => Promise<Buffer>>> = {
  'tar-stream': tarOf,
  'tar-stream and gzip': async (files) => gzipSync(await tarOf(files)),
  yazl: (files) => zipOf(files, false),
  'yazl, ZIP64': (files) => zipOf(files, true),
  '@electron/asar': asarOf,
};

for (const [writer, write] of Object.entries(WRITERS)) {
  test(`what ${writer} writes is read back, without an oddity`, async () => {
    for (const seed of SEEDS) {
      const files = filesOf(seed);
      const left = new Map(files);
      for await (const member of openContainer(await write(files), writer)) {
        assert.ok('bytes' in member, `${member.path} is unread, seed ${seed}`);
        assert.deepEqual(member.oddities, []);
        assert.ok(files.get(member.path)?.equals(member.bytes), `${member.path}, seed ${seed}`);
        left.delete(member.path);
      }
      assert.deepEqual([...left.keys()], [], `seed ${seed}`);
    }
  });
}
