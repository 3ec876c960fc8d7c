/**
 * Megabytes per second of reading archives, beside tar-stream and yauzl:
 * `node bench/containers.ts [npm:NAME@VERSION] [--rounds N]`.
 *
 * The package's tarball, and a ZIP of the same members, are read to the last
 * byte; the figures are megabytes of members by processor and by wall time,
 * the best of the rounds. Ours also digests each member, which peers do not: both are shown.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Readable, type Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createGunzip, gzipSync } from 'node:zlib';
import { isUnread, openContainer, readContainer } from '@avow/formats';
import { openProduct } from '@avow/products';

interface TarExtract extends Writable, AsyncIterable<AsyncIterable<Buffer>> {}

interface ZipReader {
  readEntry(): void;
  on(event: 'entry', listener: (entry: object) => void): void;
  on(event: 'end', listener: () => void): void;
  openReadStream(entry: object, opened: (error: Error | null, data: Readable) => void): void;
}

const require = createRequire(import.meta.url);
const tarStream = require('tar-stream') as {
  extract(): TarExtract;
  pack(): Readable & { entry(header: object, data: Uint8Array): void; finalize(): void };
};
const yazl = require('yazl') as {
  ZipFile: new () => {
    readonly outputStream: Readable;
    addBuffer(data: Uint8Array, name: string): void;
    end(): void;
  };
};
const yauzl = require('yauzl') as {
  fromBuffer(zip: Buffer, options: object, opened: (error: Error, zip: ZipReader) => void): void;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});
const spec = positionals[0] ?? 'npm:typescript@5.9.3';

type Archive = Buffer<ArrayBuffer>;
type Reader = (archive: Archive) => Promise<number>;

const ours: Reader = async (archive) => {
  let size = 0;
  for await (const member of openContainer(archive, spec)) {
    if (!isUnread(member) && member.container === undefined) size += member.bytes.length;
  }
  return size;
};

function oursUndigested(kind: 'gzip' | 'zip'): Reader {
  return async (archive) => {
    let size = 0;
    for await (const entry of readContainer(kind, archive, spec, Number.POSITIVE_INFINITY)) {
      if (!isUnread(entry)) size += (await entry.read(Number.POSITIVE_INFINITY)).length;
    }
    return size;
  };
}

async function tarStreamReads(archive: Archive): Promise<number> {
  const extract = Readable.from([archive]).pipe(createGunzip()).pipe(tarStream.extract());
  let size = 0;
  for await (const entry of extract) for await (const piece of entry) size += piece.length;
  return size;
}

function yauzlReads(archive: Archive): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0;
    yauzl.fromBuffer(archive, { lazyEntries: true }, (failure, zip) => {
      if (failure) return reject(failure);
      zip.on('end', () => resolve(size));
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (error, data) => {
          if (error) return reject(error);
          data.on('data', (piece: Buffer) => (size += piece.length));
          data.on('end', () => zip.readEntry());
        }),
      );
      zip.readEntry();
    });
  });
}

async function measure(name: string, archive: Archive, read: Reader): Promise<void> {
  let [size, cpu, wall] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < Number(values.rounds); round++) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    size = await read(archive);
    const { user, system } = process.cpuUsage(used);
    cpu = Math.min(cpu, (user + system) / 1e6);
    wall = Math.min(wall, (performance.now() - began) / 1e3);
  }
  const rate = (seconds: number) => (size / 1e6 / seconds).toFixed(0).padStart(5);
  console.log(`${name.padEnd(28)} ${rate(cpu)} MB/s CPU ${rate(wall)} MB/s wall`);
}

async function collect(stream: Readable): Promise<Archive> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const zip = new yazl.ZipFile();
const pack = tarStream.pack();
const product = await openProduct(spec);
for await (const member of product.members()) {
  if (isUnread(member) || member.path.includes('!/')) continue;
  const data = Buffer.from(member.bytes);
  zip.addBuffer(data, member.path);
  pack.entry({ name: member.path }, data);
}
zip.end();
pack.finalize();
const [zipped, tarred] = [await collect(zip.outputStream), await collect(pack)];
const packed = gzipSync(tarred);
console.log(`${product.target}: ${(tarred.length / 1e6).toFixed(1)} MB of tar`);
const digestAll: Reader = async (archive) => {
  createHash('sha256').update(archive).digest();
  return archive.length;
};

await measure('tar.gz: ours, with digests', packed, ours);
await measure('tar.gz: ours', packed, oursUndigested('gzip'));
await measure('tar.gz: tar-stream', packed, tarStreamReads);
await measure('zip: ours, with digests', zipped, ours);
await measure('zip: ours', zipped, oursUndigested('zip'));
await measure('zip: yauzl', zipped, yauzlReads);
await measure('SHA-256 alone', tarred, digestAll);
