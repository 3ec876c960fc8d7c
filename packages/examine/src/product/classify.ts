import type { ScriptGoal, ScriptLanguage } from '../observe/reading.ts';
import type { ExaminedModule } from '../result.ts';

/** What a member is to the examination. */
export type MemberClass =
  | { readonly kind: 'script'; readonly language: ScriptLanguage; readonly goal: ScriptGoal }
  | { readonly kind: 'manifest' }
  | {
      readonly kind: 'native';
      readonly image: Exclude<ExaminedModule['kind'], 'script' | 'manifest'>;
    }
  /** Holds code of a kind that is not read. */
  | { readonly kind: 'other-code'; readonly what: string }
  | { readonly kind: 'data' };

const LANGUAGES: Readonly<Record<string, ScriptLanguage>> = {
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  jsx: 'jsx',
  ts: 'ts',
  mts: 'ts',
  cts: 'ts',
  tsx: 'tsx',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  vue: 'vue',
  svelte: 'svelte',
};

/** Code in other languages, by the end of its name. */
const OTHER_CODE: Readonly<Record<string, string>> = {
  sh: 'a shell script',
  bash: 'a shell script',
  zsh: 'a shell script',
  ps1: 'a PowerShell script',
  psm1: 'a PowerShell script',
  bat: 'a batch file',
  cmd: 'a batch file',
  vbs: 'a VBScript file',
  applescript: 'an AppleScript file',
  scpt: 'an AppleScript file',
  py: 'a Python script',
  rb: 'a Ruby script',
  pl: 'a Perl script',
  php: 'a PHP script',
  jar: 'Java code',
  class: 'Java code',
  jsc: 'compiled JavaScript',
  coffee: 'CoffeeScript',
  c: 'C source',
  cc: 'C++ source',
  cpp: 'C++ source',
  cxx: 'C++ source',
  mm: 'Objective-C++ source',
  rs: 'Rust source',
  go: 'Go source',
  swift: 'Swift source',
  lua: 'a Lua script',
  tcl: 'a Tcl script',
};

/** By name and first bytes. Declarations of types (`.d.ts`) hold no code that runs. */
export function classify(path: string, bytes: Uint8Array): MemberClass {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const image = imageOf(bytes);
  if (image !== undefined) return { kind: 'native', image };
  if (name === 'package.json' || name === 'manifest.json') return { kind: 'manifest' };
  if (/\.d\.[mc]?ts$/.test(name) || /\.d\.\w+\.ts$/.test(name)) return { kind: 'data' };
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot + 1);
  const language = LANGUAGES[extension];
  if (language === 'ts' && isVideo(bytes)) return { kind: 'data' };
  if (language !== undefined) return { kind: 'script', language, goal: goalOf(extension) };
  const machine = otherMachineOf(bytes);
  if (machine !== undefined) return { kind: 'other-code', what: machine };
  const interpreter = interpreterOf(bytes);
  if (interpreter !== undefined) {
    return /node|deno|bun/.test(interpreter)
      ? { kind: 'script', language: 'js', goal: 'unknown' }
      : { kind: 'other-code', what: `a script for ${interpreter}` };
  }
  const what = OTHER_CODE[extension];
  return what === undefined ? { kind: 'data' } : { kind: 'other-code', what };
}

function goalOf(extension: string): ScriptGoal {
  if (extension === 'mjs' || extension === 'mts') return 'module';
  if (extension === 'cjs' || extension === 'cts') return 'commonjs';
  return 'unknown';
}

/** MPEG transport streams are named `.ts` too: packets of 188 bytes, each with 0x47 first. */
function isVideo(bytes: Uint8Array): boolean {
  return bytes[0] === 0x47 && bytes[188] === 0x47;
}

function imageOf(bytes: Uint8Array): 'elf' | 'pe' | 'macho' | 'wasm' | undefined {
  if (bytes.length < 8) return undefined;
  const magic = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  if (magic === 0x7f454c46) return 'elf';
  if (magic === 0x0061736d) return 'wasm';
  if (magic === 0xfeedface || magic === 0xfeedfacf || magic === 0xcefaedfe || magic === 0xcffaedfe)
    return 'macho';
  // A Java class has the same magic as a fat Mach-O, and a version above 40 where that has a count.
  if (magic === 0xcafebabe && bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7]! < 30)
    return 'macho';
  if (bytes[0] === 0x4d && bytes[1] === 0x5a && bytes.length > 0x40) return 'pe';
  return undefined;
}

/** Programs in formats that are not read: XCOFF's magic with its number of sections, Dalvik's with a version. */
function otherMachineOf(bytes: Uint8Array): string | undefined {
  if (bytes.length < 24) return undefined;
  const isXcoff = bytes[0] === 1 && (bytes[1] === 0xdf || bytes[1] === 0xf7);
  if (isXcoff && bytes[2] === 0 && bytes[3]! > 0 && bytes[3]! < 64) return 'a program for AIX';
  const isDalvik = bytes[0] === 0x64 && bytes[1] === 0x65 && bytes[2] === 0x78 && bytes[3] === 0x0a;
  return isDalvik && bytes[7] === 0 ? 'Java code' : undefined;
}

/** The program of a `#!` line. */
function interpreterOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  let line = '';
  for (let at = 2; at < Math.min(bytes.length, 200) && bytes[at] !== 0x0a; at += 1) {
    line += String.fromCharCode(bytes[at]!);
  }
  const words = line
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith('-') && !/\/env$/.test(word));
  return words[0]?.replace(/^.*\//, '') || undefined;
}
