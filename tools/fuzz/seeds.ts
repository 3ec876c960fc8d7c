import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { ContainerKind } from '@avow/formats';
import {
  arMember,
  arOf,
  asarFile,
  asarOf,
  bytesOf,
  concat,
  crx2Of,
  crx3Of,
  debOf,
  paxRecord,
  type TarFile,
  tarHeader,
  tarMember,
  tarOf,
  type ZipFile,
  type ZipShape,
  zipOf,
} from '../../packages/formats/src/container/testdata/archives.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

/** `printf 'hello xz\n' | xz -0` */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhAQwAAACPmEGcAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=',
  'base64',
);

const SIZES = [0, 1, 511, 512, 513, 0xffff, 0x10000, 0x7fffffff, 0xffffffff];
const NAMES = ['a.js', 'd/b.js', '', '/', '../x', 'a\0b', 'd/', 'x!/y', 'ü', 'n'.repeat(300)];

/**
 * An archive of each kind that is wrong in what only its writer can make
 * wrong: checksums fit, lengths lie. Half of them are then changed anywhere.
 */
export const SEEDS: Readonly<Record<ContainerKind, (random: Random) => Uint8Array>> = {
  tar: tarSeed,
  gzip: (random) => changedPacking(gzipSync(contentSeed(random)), random),
  zstd: (random) => changedPacking(zstdCompressSync(contentSeed(random)), random),
  xz: (random) => changedPacking(concat(XZ, random.pick([new Uint8Array(4), XZ, 'x'])), random),
  zip: zipSeed,
  crx: (random) => {
    const zip = zipSeed(random);
    const key = bytesOf('key');
    return random.pick([crx2Of(key, zip), crx3Of(key, zip), crx3Of(key, zip, key)]);
  },
  asar: asarSeed,
  ar: (random) => {
    const name = random.pick(['a', '/', '//', '/0', '/99', '#1/3', '#1/999', 'x/', '__.SYMDEF']);
    const size = random.pick([undefined, '0', '1', '9999999999', '-1', 'x', '']);
    return arOf(arMember('//', 'long-name.o/\n'), arMember(name, 'data', size), arMember('b', 'B'));
  },
  deb: (random) => debOf(gzipSync(tarSeed(random)), zstdCompressSync(tarSeed(random)), '.zst'),
};

function changedPacking(packed: Uint8Array, random: Random): Uint8Array {
  return random.below(2) === 0 ? packed : mutate(packed, random);
}

function contentSeed(random: Random): Uint8Array {
  return random.below(3) === 0 ? new Uint8Array(random.pick([0, 10, 3_000_000])) : tarSeed(random);
}

function tarSeed(random: Random): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let left = random.below(6); left >= 0; left--) pieces.push(tarPiece(random));
  pieces.push(random.pick([new Uint8Array(1024), new Uint8Array(512), bytesOf('x'), tarOf()]));
  return concat(...pieces);
}

function tarPiece(random: Random): Uint8Array {
  const file: TarFile = {
    name: random.pick(NAMES),
    data: 'x'.repeat(random.pick([0, 1, 512, 600])),
    type: random.pick([...'0012356789xgLKSVDMA\0']),
    link: random.pick(['', '../l']),
    prefix: random.pick(['', 'p']),
    magic: random.pick(['ustar\x0000', 'ustar  \0', '']),
  };
  const pax = random.pick([
    paxRecord('path', random.pick(NAMES)),
    paxRecord('size', String(random.pick(SIZES))),
    '5 a=\n',
    '999999999 path=x\n',
    'x',
  ]);
  switch (random.below(5)) {
    case 0:
      return tarMember({ ...file, type: random.pick(['x', 'g']), data: pax });
    case 1:
      return concat(tarHeader({ ...file, sizeField: tarSize(random) }), new Uint8Array(512));
    case 2:
      return mutate(tarMember(file), random);
    default:
      return tarMember(file);
  }
}

function tarSize(random: Random): Uint8Array {
  const field = Buffer.alloc(12);
  const size = random.pick(SIZES);
  if (random.below(2) === 0) field.write(size.toString(8).padStart(11, '0'));
  else field.writeUInt32BE(size, 8);
  field[0] = random.pick([field[0] ?? 0, 0x80, 0xff, 0x20]);
  return field;
}

function zipSeed(random: Random): Uint8Array {
  const files: ZipFile[] = [];
  for (let left = random.below(5); left > 0; left--) files.push(zipFile(random));
  const shape: { -readonly [Field in keyof ZipShape]: ZipShape[Field] } = {
    isZip64: random.below(4) === 0,
    isPrefixUncounted: random.below(2) === 0,
    comment: random.pick(['', 'c', zipOf([])]),
    prefix: bytesOf(random.pick(['', 'MZ', 'x'.repeat(100)])),
  };
  if (random.below(4) === 0) shape.count = random.pick(SIZES.slice(0, 6));
  if (random.below(4) === 0) shape.directoryAt = random.pick(SIZES);
  if (random.below(4) === 0) shape.directorySize = random.pick(SIZES);
  return zipOf(files, shape);
}

function zipFile(random: Random): ZipFile {
  const data = 'x'.repeat(random.pick([0, 1, 1000]));
  const method = random.pick([0, 0, 8, 8, 8, 93, 14]);
  const file: { -readonly [Field in keyof ZipFile]: ZipFile[Field] } = {
    name: random.pick(NAMES),
    data: random.below(8) === 0 ? zipOf([{ name: 'n', data }]) : data,
    method,
    flags: random.pick([0x800, 0x800, 0, 1, 8]),
    mode: random.pick([0, 0x81a4, 0xa1ff]),
  };
  if (method === 93) file.packed = zstdCompressSync(data);
  if (random.below(6) === 0) file.packed = deflateRawSync(new Uint8Array(2_000_000));
  if (random.below(4) === 0) file.size = random.pick(SIZES);
  if (random.below(4) === 0) file.packedSize = random.pick(SIZES);
  if (random.below(4) === 0) file.headerAt = random.pick(SIZES);
  if (random.below(4) === 0)
    file.extra = mutate(Buffer.from('0100080000000000000000', 'hex'), random);
  return file;
}

function asarSeed(random: Random): Uint8Array {
  const node = (depth: number): unknown => {
    switch (random.below(depth > 3 ? 5 : 7)) {
      case 0:
        return asarFile(0, 'AAAA');
      case 1:
        return {
          size: random.pick([...SIZES, -1, 0.5, 'x']),
          offset: random.pick(['0', '-1', 1, '1e9']),
        };
      case 2:
        return { link: random.pick(['../x', 5]) };
      case 3:
        return { size: 1, unpacked: true };
      case 4:
        return random.pick([null, 1, 'x', [], { files: 1 }, { files: [] }, { integrity: 1 }]);
      default:
        return { files: { [random.pick(NAMES)]: node(depth + 1), b: node(depth + 1) } };
    }
  };
  return asarOf({ files: { a: node(0), __proto__: null, c: node(0) } }, 'AAAA');
}
