/**
 * Megabytes per CPU-second of turning scripts into trees and scopes:
 * `node bench/script-tree.ts FOLDER… [--parser oxc|meriyah] [--rounds N]`.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeText, Refused } from '@avow/bytes';
import { readWithMeriyah, type ScriptTree, scopesOf } from '@avow/formats';

interface Script {
  readonly path: string;
  readonly text: string;
  readonly language: 'js' | 'jsx' | 'ts' | 'tsx' | 'dts';
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parser: { type: 'string', default: 'oxc' },
    rounds: { type: 'string', default: '2' },
    types: { type: 'boolean', default: false },
  },
});

const paths = positionals.flatMap(scriptsIn);
const megabytes = paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
const steps = await stepsOf(values.parser);
console.log(`${paths.length} scripts, ${megabytes.toFixed(1)} MB, ${values.parser}`);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [name, step] of Object.entries(steps)) measure(name, step);
}

function scriptsIn(folder: string): string[] {
  const pattern = values.types ? '**/*.{js,mjs,cjs,jsx,ts,tsx,mts,cts}' : '**/*.{js,mjs,cjs,jsx}';
  return globSync(pattern, { cwd: folder })
    .sort()
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}

function languageOf(path: string): Script['language'] {
  if (/\.d\.[mc]?ts$/.test(path)) return 'dts';
  const ending = extname(path);
  if (ending === '.tsx') return 'tsx';
  return /ts$/.test(ending) ? 'ts' : 'jsx';
}

type Step = (script: Script) => unknown;

async function stepsOf(parser: string): Promise<Record<string, Step>> {
  if (parser === 'meriyah') {
    const { parse } = await import('meriyah');
    const options = { jsx: true, next: true, webcompat: true, ranges: true } as const;
    const tree = (script: Script): ScriptTree =>
      tolerant((goal) => readWithMeriyah(script.text, goal));
    return {
      parse: ({ text }) => tolerant((sourceType) => parse(text, { ...options, sourceType })),
      'parse + tree': tree,
      'parse + tree + scopes': (script) => scopesOf(tree(script)),
    };
  }
  const { parseWithOxc, readWithOxc } = await import('@avow/formats/oxc');
  const tree = ({ text, language }: Script): ScriptTree =>
    readWithOxc(text, language, 'unambiguous');
  return {
    parse: ({ text, language }) => parseWithOxc(text, language, 'unambiguous'),
    'parse + tree': tree,
    'parse + tree + scopes': (script) => scopesOf(tree(script)),
  };
}

function tolerant<T>(read: (goal: ScriptTree['goal']) => T): T {
  try {
    return read('module');
  } catch {
    return read('commonjs');
  }
}

function measure(name: string, step: Step): void {
  const failed: string[] = [];
  let microseconds = 0;
  for (const path of paths) {
    // Reading and decoding are another's: only the step is counted.
    const { text } = decodeText(readFileSync(path));
    const before = process.cpuUsage();
    try {
      step({ path, text, language: languageOf(path) });
    } catch (error) {
      failed.push(`${path}: ${error instanceof Refused ? error.message : String(error)}`);
    }
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  const rate = megabytes / (microseconds / 1e6);
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name.padEnd(24)} ${rate.toFixed(1).padStart(7)} MB/CPU-s  ${failed.length} failed  peak ${memory.toFixed(0)} MiB`,
  );
  for (const line of failed.slice(0, 20)) console.log(`  ${line}`);
}
