/**
 * Compares our call sites with those of objdump:
 * node tools/native/call-sites.ts FILE… (by default every ELF in /usr/bin).
 *
 * Of x86-64 and AArch64 ELF files, the set of (address, import) of calls and
 * jumps through the PLT and the GOT must be the same. Prints each difference,
 * and function starts against symbols and unwind tables. Skips without binutils.
 */
import { spawn, spawnSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  type NativeImage,
  nativeKindOf,
  readNative,
  SiteKind,
  sectionAt,
  sweepCode,
  vaOf,
} from '@avow/formats/native';
import { AArch64Lines } from './aarch64-lines.ts';

if (spawnSync('objdump', ['--version']).error !== undefined) {
  console.log('skipped: objdump of binutils is not here');
  process.exit(0);
}

/** Debian's objdump for other processors is a program of its own. */
const FOR_AARCH64 = 'aarch64-linux-gnu-objdump';
const hasAArch64 = spawnSync(FOR_AARCH64, ['--version']).status === 0;

const CALL =
  /^\s*([0-9a-f]+):\s+(?:bnd |notrack |cs |data16 )*(?:call|jmp|j[a-z]+)\s+(?:[0-9a-fx]+ )?<(.+?)@plt>/;
/** call *0x1234(%rip)  # 5678 <name@Base>, jmp the same. */
const POINTER =
  /^\s*([0-9a-f]+):\s+(?:bnd |notrack |cs )*(?:call|jmp)\s+\*0x[0-9a-f]+\(%rip\)\s+# ([0-9a-f]+)/;

let sameSites = 0;
let differing = 0;
let compared = 0;
let oursOnly = 0;
let theirsOnly = 0;

for (const path of filesToCompare()) {
  const bytes = readFileSync(path);
  const kind = nativeKindOf(bytes);
  if (kind !== 'elf') continue;
  const { image } = readNative(bytes, kind)[0]!;
  if (image.architecture !== 'x86-64' && image.architecture !== 'aarch64') continue;
  const ours = ourSites(image);
  const theirs = await theirSites(path, image);
  compared += 1;
  const extra = [...ours].filter((site) => !theirs.has(site));
  const missed = [...theirs].filter((site) => !ours.has(site));
  sameSites += ours.size - extra.length;
  oursOnly += extra.length;
  theirsOnly += missed.length;
  if (extra.length + missed.length > 0) differing += 1;
  for (const site of extra.slice(0, 5)) console.log(`${path}: only ours: ${site}`);
  for (const site of missed.slice(0, 5)) console.log(`${path}: only objdump's: ${site}`);
}
console.log(
  `${compared} files, ${sameSites} sites the same, ${oursOnly} only ours, ${theirsOnly} only objdump's, in ${differing} files`,
);
process.exitCode = oursOnly + theirsOnly === 0 ? 0 : 1;

function filesToCompare(): string[] {
  const given = process.argv.slice(2);
  if (given.length > 0) return given;
  return globSync('/usr/bin/*').filter((path) => statSync(path).isFile());
}

function ourSites(image: NativeImage): Set<string> {
  const { sites } = sweepCode(image);
  const found = new Set<string>();
  for (let site = 0; site < sites.count; site += 1) {
    const kind = sites.kind[site]!;
    const target = sites.target[site]!;
    if (target < 0 || kind === SiteKind.load) continue;
    const isPlt = /plt/.test(sectionAt(image, sites.rva[site]!)?.name ?? '');
    if (kind === SiteKind.stub && isPlt) continue;
    found.add(`${vaOf(image, sites.rva[site]!).toString(16)} ${bare(image.imports[target]!.name)}`);
  }
  return found;
}

async function theirSites(path: string, image: NativeImage): Promise<Set<string>> {
  const slots = new Map<string, string>();
  for (const { name, slot } of image.imports) {
    if (slot !== undefined) slots.set(vaOf(image, slot).toString(16), bare(name));
  }
  const lines = image.architecture === 'aarch64' ? new AArch64Lines(slots) : undefined;
  const child = spawn(objdumpFor(image), ['-d', '--no-show-raw-insn', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const found = new Set<string>();
  let isStub = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Disassembly of section')) isStub = /\.plt|\.iplt/.test(line);
    if (isStub) continue;
    const site = lines?.site(line);
    if (site !== undefined) found.add(site);
    if (lines !== undefined) continue;
    const call = CALL.exec(line);
    if (call !== null) found.add(`${call[1]} ${bare(call[2]!)}`);
    const pointer = POINTER.exec(line);
    const name = pointer && slots.get(pointer[2]!);
    if (pointer && name !== undefined && name !== null) found.add(`${pointer[1]} ${name}`);
  }
  return found;
}

function objdumpFor({ architecture }: NativeImage): string {
  return architecture === 'aarch64' && hasAArch64 ? FOR_AARCH64 : 'objdump';
}

/** Without the version. */
function bare(name: string): string {
  return name.replace(/@.*$/, '');
}
