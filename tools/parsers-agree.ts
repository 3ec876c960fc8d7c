/**
 * Whether the native parser and those in JavaScript give the same trees:
 * `node tools/parsers-agree.ts FOLDER…` over all scripts below the folders.
 * Prints the first difference of each file; exits 1 when there is one.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { decodeText, Refused } from '@avow/bytes';
import { firstDifference, readScript, type ScriptDialect, type ScriptTree } from '@avow/formats';
import { readWithOxc } from '@avow/formats/oxc';

function dialectOf(path: string): ScriptDialect {
  if (/\.d\.[mc]?ts$/.test(path)) return 'dts';
  const ending = extname(path);
  if (ending === '.tsx') return 'tsx';
  if (ending === '.jsx') return 'jsx';
  return /ts$/.test(ending) ? 'ts' : 'js';
}

function compare(path: string): string | undefined {
  const { text } = decodeText(readFileSync(path));
  const kind = { language: dialectOf(path), goal: 'unknown' } as const;
  const refusals: string[] = [];
  let isTakenByNative = false;
  const native = (...input: Parameters<typeof readWithOxc>): ScriptTree => {
    const tree = outcome(() => readWithOxc(...input));
    isTakenByNative = !(tree instanceof Refused);
    if (!(tree instanceof Refused)) return tree;
    refusals.push(tree.message);
    throw tree;
  };
  const pure = outcome(() => readScript(text, kind));
  const fast = outcome(() => readScript(text, kind, native as typeof readWithOxc));
  if (pure instanceof Refused || fast instanceof Refused) {
    if (pure instanceof Refused && fast instanceof Refused)
      return `refused by both: ${pure.message}`;
    return `refused by one: ${pure instanceof Refused ? pure.message : String(fast)}`;
  }
  const found = firstDifference(fast, pure);
  if (found === undefined) {
    if (refusals.length === 0 || isTakenByNative) return undefined;
    console.log(`${path}: read, though not by the native parser: ${refusals.at(-1)}`);
    return undefined;
  }
  const at = pure.start[found.node] ?? 0;
  const context = JSON.stringify(text.slice(Math.max(0, at - 20), at + 60));
  return `node ${found.node}: fast ${found.ours} | pure ${found.theirs} | ${context}`;
}

function outcome(read: () => ScriptTree): ScriptTree | Refused {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

if (import.meta.main) {
  let files = 0;
  let differing = 0;
  for (const folder of process.argv.slice(2)) {
    const pattern = '**/*.{js,mjs,cjs,jsx,ts,tsx,mts,cts}';
    for (const path of globSync(pattern, { cwd: folder }).sort()) {
      if (!statSync(join(folder, path)).isFile()) continue;
      files += 1;
      const difference = compare(join(folder, path));
      if (difference === undefined) continue;
      differing += 1;
      console.log(`${join(folder, path)}: ${difference}`);
    }
  }
  console.log(`${files} scripts, ${differing} of which differ`);
  if (differing > 0) process.exitCode = 1;
}
