/**
 * Fuzzes the readers of native modules: node tools/fuzz/native.ts
 * [--seconds N] [--seed S] [--kind KIND]. What it finds it prints with the seed
 * that makes it again, and ends with status 1.
 *
 * Nothing but an image and `Refused` may come out, in time, whatever the bytes
 * are; and sweeping, naming and fingerprinting an image may not fail.
 */
import { parseArgs } from 'node:util';
import { Refused } from '@avow/bytes';
import { observeNative } from '@avow/examine/native';
import { readAssembly, walkCil } from '@avow/formats/cil';
import {
  fingerprintOf,
  type NativeImage,
  type NativeKind,
  readNative,
  sweepCode,
  textAt,
  visitArguments,
} from '@avow/formats/native';
import { reachableFunctions, readWasm, walkBody } from '@avow/formats/wasm';
import { rules } from '@avow/workers';
import { addonOf } from '../../packages/examine/src/native/testdata/addon.ts';
import { assemblyOf } from '../../packages/formats/src/module/cil/testdata/assembly.ts';
import { elfOf } from '../../packages/formats/src/module/native/testdata/elf.ts';
import {
  chainedMachoOf,
  fatOf,
  machoOf,
} from '../../packages/formats/src/module/native/testdata/macho.ts';
import { PE, peOf } from '../../packages/formats/src/module/native/testdata/pe.ts';
import { tableWasmOf, wasmOf } from '../../packages/formats/src/module/wasm/testdata/module.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

export type NativeFuzzKind =
  | 'elf'
  | 'pe'
  | 'macho'
  | 'chained'
  | 'fat'
  | 'wasm'
  | 'table'
  | 'cil'
  | 'addon';

const SEEDS: Readonly<Record<NativeFuzzKind, (random: Random) => Uint8Array>> = {
  elf: (random) => elfOf({ base: random.pick([0, 0x400000]), machine: random.pick([3, 62, 183]) }),
  pe: (random) => withDirectories(peOf(), random),
  macho: () => machoOf(),
  chained: (random) => chainedMachoOf(random.pick([1, 6, 9, 12])),
  fat: () => fatOf(machoOf(), machoOf('_open')),
  wasm: () => wasmOf(),
  table: () => tableWasmOf(),
  cil: () => assemblyOf(),
  addon: (random) => addonOf(random.pick([true, false])),
};

/** PE data directories (exports, resources, functions, signature, debug, TLS, delay imports, .NET) anywhere. */
function withDirectories(bytes: Uint8Array, random: Random): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const directory of [0, 2, 3, 4, 6, 9, 13, 14]) {
    if (random.below(2) === 0) continue;
    const at = PE_DIRECTORIES + 8 * directory;
    view.setUint32(at, random.pick([PE.data, PE.data + 0x40, PE.text]) + random.below(0x40), true);
    view.setUint32(at + 4, random.below(0x100), true);
  }
  // What stands there is small numbers, as offsets and counts are.
  for (let filled = 0; filled < 24; filled += 1) {
    view.setUint16(0x4c0 + 2 * random.below(0x80), random.below(0x200), true);
  }
  return bytes;
}

const PE_DIRECTORIES = 0x58 + 112;

export const FUZZED_NATIVE = Object.keys(SEEDS) as readonly NativeFuzzKind[];

/** Milliseconds for one image of four kilobytes: a hundred times what the slowest takes. */
const MAX_MILLISECONDS = 2000;

/** Makes the image of a seed, reads it, and throws where anything comes out that may not. */
export function fuzzNative(kind: NativeFuzzKind, seed: number): void {
  const random = new Random(seed);
  const bytes = mutate(SEEDS[kind](random), random);
  const started = performance.now();
  try {
    if (kind === 'wasm' || kind === 'table') readWasmWhole(bytes);
    else if (kind === 'cil') readCilWhole(bytes);
    else if (kind === 'addon') observeNative(bytes, 'elf', rules());
    else for (const { image } of readNative(bytes, nativeKind(kind))) use(image);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  const took = performance.now() - started;
  if (took > MAX_MILLISECONDS) throw new Error(`took ${Math.round(took)} ms`);
}

function nativeKind(kind: 'elf' | 'pe' | 'macho' | 'chained' | 'fat'): NativeKind {
  return kind === 'chained' || kind === 'fat' ? 'macho' : kind;
}

/** All that an examination does with an image. */
function use(image: NativeImage): void {
  const code = sweepCode(image);
  visitArguments(
    image,
    code,
    () => true,
    ({ values }) => {
      for (const { kind, value } of values) if (kind === 'address') textAt(image, value);
    },
  );
  for (let index = 0; index < code.functions.count; index += 1) {
    fingerprintOf(image, code.functions.start[index]!, code.functions.end[index]!);
  }
  for (let index = 0; index < image.symbols.count; index += 1) {
    try {
      image.symbols.nameOf(index);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
}

function readCilWhole(bytes: Uint8Array): void {
  const assembly = readAssembly(bytes);
  if (assembly === undefined) return;
  const { methods, names } = assembly;
  names.assemblies();
  names.imports();
  const ignore = (): void => {};
  for (const { codeAt, codeSize } of methods.values()) {
    walkCil(bytes, codeAt, codeAt + codeSize, {
      call: (_, token) => names.target(token),
      text: (_, token) => names.userText(token),
      constant: ignore,
      other: ignore,
    });
  }
  observeNative(bytes, 'pe', rules());
}

function readWasmWhole(bytes: Uint8Array): void {
  const module = readWasm(bytes);
  const ignore = (): void => {};
  for (const body of module.bodies) {
    walkBody(bytes, body, { call: ignore, indirect: ignore, constant: ignore, other: ignore });
  }
  reachableFunctions(module);
  observeNative(bytes, 'wasm', rules());
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
    },
  });
  const kinds = FUZZED_NATIVE.filter((kind) => values.kind === undefined || values.kind === kind);
  const until = performance.now() + Number(values.seconds) * 1000;
  let seed = Number(values.seed);
  for (; performance.now() < until; seed += 1) {
    for (const kind of kinds) {
      try {
        fuzzNative(kind, seed);
      } catch (error) {
        console.error(`--kind ${kind} --seed ${seed}:`, error);
        process.exit(1);
      }
    }
  }
  console.log(`seeds ${values.seed} to ${seed - 1} of ${kinds.join(', ')}: nothing found`);
}
