/**
 * Compares our call sites of PE and Mach-O files with those of other
 * disassemblers: node tools/native/foreign-sites.ts FILE…
 *
 * Of x86 and x86-64 PE files (objdump) the set of (address, import) of calls
 * and jumps through the import table, outright and through thunks; of Mach-O
 * slices (llvm-objdump) those through symbol stubs. Files of other kinds are
 * passed over. Skips what a tool is missing for.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  type NativeImage,
  nativeKindOf,
  offsetOf,
  readNative,
  SiteKind,
  sectionAt,
  sweepCode,
  vaOf,
} from '@avow/formats/native';

const MAX_SHOWN = 5;

/** call *0x1234(%rip)  # 0x180032000, and in 32-bit code call *0x10017000. */
const POINTER =
  /^\s*([0-9a-f]+):\s+(?:rex\.W |bnd |notrack )*(?:call|jmp)\s+\*0x([0-9a-f]+)(?:\(%rip\)\s+# 0x([0-9a-f]+))?$/;

const DIRECT = /^\s*([0-9a-f]+):\s+(?:call|j[a-z]+)\s+0x([0-9a-f]+)/;

/** `     688:  bl  0x4f38 ; symbol stub for: __Znwm`. */
const STUB = /^\s*([0-9a-f]+):\s.*(?:;|##) (?:symbol stub for: (\S+)|Objc message: .*)$/;

let files = 0;
let same = 0;
let different = 0;
for (const path of process.argv.slice(2)) {
  const bytes = readFileSync(path);
  const kind = nativeKindOf(bytes);
  if (kind !== 'pe' && kind !== 'macho') continue;
  for (const { slice, image } of readNative(bytes, kind)) {
    const isX86 = image.architecture === 'x86' || image.architecture === 'x86-64';
    if (kind === 'pe' && !isX86) continue;
    const program = kind === 'pe' ? 'objdump' : 'llvm-objdump';
    if (spawnSync(program, ['--version']).error !== undefined) {
      console.log(`skipped ${path}: ${program} is not here`);
      continue;
    }
    const ours = ourSites(image);
    const theirs = kind === 'pe' ? await peSites(path, image) : await machoSites(path, slice);
    files += 1;
    const extra = [...ours].filter((site) => !theirs.has(site));
    const missed = [...theirs].filter((site) => !ours.has(site));
    same += ours.size - extra.length;
    different += extra.length + missed.length;
    const name = `${path} ${slice ?? ''}`;
    for (const site of extra.slice(0, MAX_SHOWN)) console.log(`${name}: only ours: ${site}`);
    for (const site of missed.slice(0, MAX_SHOWN)) console.log(`${name}: only theirs: ${site}`);
  }
}
console.log(`${files} images, ${same} sites the same, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;

/** Of Mach-O only direct branches, which are what goes through stubs. */
function ourSites(image: NativeImage): Set<string> {
  const { sites } = sweepCode(image);
  const found = new Set<string>();
  for (let site = 0; site < sites.count; site += 1) {
    const kind = sites.kind[site]!;
    const target = sites.target[site]!;
    const rva = sites.rva[site]!;
    if (target < 0 || kind === SiteKind.load || kind === SiteKind.system) continue;
    if (image.format === 'macho') {
      const isStub = /stubs?$|stub_helper$/.test(sectionAt(image, rva)?.name ?? '');
      if (isStub || !isDirectBranch(image, rva)) continue;
      found.add(`${hex(image, rva)} ${image.imports[target]!.name}`);
    } else found.add(`${hex(image, rva)} ${slotName(image, target)}`);
  }
  return found;
}

function isDirectBranch(image: NativeImage, rva: number): boolean {
  const at = offsetOf(image, rva)!;
  const { bytes } = image;
  if (image.architecture === 'aarch64') return (bytes[at + 3]! & 0x7c) === 0x14;
  return bytes[at] === 0xe8 || bytes[at] === 0xe9 || bytes[at] === 0x0f;
}

function hex(image: NativeImage, rva: number): string {
  return vaOf(image, rva).toString(16);
}

/** By its slot: names stand in the file's own table, which imports.ts compares. */
function slotName(image: NativeImage, target: number): string {
  const { slot, name } = image.imports[target]!;
  return slot === undefined ? name : hex(image, slot);
}

async function peSites(path: string, image: NativeImage): Promise<Set<string>> {
  const slots = new Set(
    image.imports.flatMap(({ slot }) => (slot === undefined ? [] : [hex(image, slot)])),
  );
  const found = new Set<string>();
  const thunks = new Map<string, string>();
  const direct: [at: string, to: string][] = [];
  for await (const line of linesOf('objdump', '-d', '--no-show-raw-insn', path)) {
    const pointer = POINTER.exec(line);
    const slot = pointer?.[3] ?? pointer?.[2];
    if (pointer && slot !== undefined && slots.has(slot)) {
      found.add(`${pointer[1]} ${slot}`);
      if (line.includes('jmp')) thunks.set(pointer[1]!, slot);
    }
    const here = /^\s*([0-9a-f]+):/.exec(line)?.[1];
    const last = direct.at(-1);
    // A jump of two bytes goes on within its function, to what is a site itself.
    if (here && last && BigInt(`0x${here}`) - BigInt(`0x${last[0]}`) === 2n) direct.pop();
    const branch = DIRECT.exec(line);
    if (branch) direct.push([branch[1]!, branch[2]!]);
  }
  for (const [at, to] of direct) {
    const slot = thunks.get(to);
    if (slot !== undefined) found.add(`${at} ${slot}`);
  }
  return found;
}

async function machoSites(path: string, slice: string | undefined): Promise<Set<string>> {
  const found = new Set<string>();
  const of = slice === undefined ? [] : ['--arch', slice];
  for await (const line of linesOf('llvm-objdump', '--macho', '-d', ...of, path)) {
    const stub = STUB.exec(line);
    if (stub === null) continue;
    // It names the message where it can, which goes by the same stub.
    const name = stub[2] ?? (/\sbl\s/.test(line) ? '_objc_msgSend' : undefined);
    if (name !== undefined) found.add(`${stub[1]} ${name}`);
  }
  return found;
}

function linesOf(program: string, ...args: readonly string[]): AsyncIterable<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return createInterface({ input: child.stdout });
}
