/**
 * What one process spends on the scripts of folders, step by step, and a digest of each reading:
 * `node bench/readings.ts FOLDER… [--rounds N] [--pure] [--digests FILE] [--compare FILE] [--show PATH]`.
 *
 * `--digests` writes a digest for each script; `--compare` tells the scripts
 * whose reading is another than in such a file, so that a change for speed
 * can be shown to change nothing; `--pure` reads with the parsers in JavaScript
 * alone, and must not differ either.
 */
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { digestOf } from '@avow/bytes';
import { type ModuleReading, observeModule, readRules, type ScriptGoal } from '@avow/examine';
import { readScript } from '@avow/formats';
import { lendWithOxc, readWithOxc } from '@avow/formats/oxc';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '1' },
    pure: { type: 'boolean', default: false },
    digests: { type: 'string' },
    compare: { type: 'string' },
    show: { type: 'string' },
    links: { type: 'boolean', default: false },
  },
});

const rules = readRules(readFileSync(new URL('../rules/update.json', import.meta.url), 'utf8'));
const paths = positionals.flatMap((folder) =>
  globSync('**/*.{js,mjs,cjs}', { cwd: folder })
    .sort()
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile()),
);
const scripts = paths.map((path) => ({ path, bytes: readFileSync(path) }));
const megabytes = scripts.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;

const digests: Record<string, string> = {};
for (let round = 0; round < Number(values.rounds); round += 1) measure(round);
if (values.digests !== undefined) {
  writeFileSync(values.digests, JSON.stringify(digests, undefined, 1));
}
if (values.compare !== undefined) compare(JSON.parse(readFileSync(values.compare, 'utf8')));

function measure(round: number): void {
  let trees = 0;
  let all = 0;
  let written = 0;
  for (const { path, bytes } of scripts) {
    let at = process.cpuUsage();
    let tree = 0;
    const started = () => {
      const { user, system } = process.cpuUsage(at);
      at = process.cpuUsage();
      return user + system;
    };
    const reading = observeModule(
      {
        digest: digestOf(''),
        bytes,
        language: 'js',
        goal: goalOf(path),
        ...(values.links && { withLinks: true }),
      },
      (text, kind) => {
        all += started();
        const made = readScript(
          text,
          kind,
          values.pure ? undefined : kind.isInner ? readWithOxc : lendWithOxc,
        );
        tree += started();
        return made;
      },
      rules,
    );
    all += started() + tree;
    trees += tree;
    const text = JSON.stringify(reading);
    written += started();
    if (round === 0) note(path, text, reading);
  }
  const speed = (micros: number) => (megabytes / (micros / 1e6)).toFixed(1);
  const each = (micros: number) => (micros / 1e3 / megabytes).toFixed(1);
  console.log(
    `${scripts.length} scripts, ${megabytes.toFixed(1)} MB: ${speed(all + written)} MB/CPU-second; ` +
      `ms/MB: tree ${each(trees)}, scopes and observing ${each(all - trees)}, JSON ${each(written)}`,
  );
}

function note(path: string, text: string, reading: ModuleReading): void {
  if (values.digests !== undefined || values.compare !== undefined) digests[path] = digestOf(text);
  if (values.show === path) console.log(JSON.stringify(reading, undefined, 1));
}

function compare(before: Readonly<Record<string, string>>): void {
  const changed = Object.keys(digests).filter((path) => before[path] !== digests[path]);
  console.log(`${changed.length} of ${Object.keys(digests).length} readings are other than before`);
  for (const path of changed.slice(0, 20)) console.log(`  ${path}`);
  if (changed.length > 0) process.exitCode = 1;
}

function goalOf(path: string): ScriptGoal {
  return path.endsWith('.mjs') ? 'module' : path.endsWith('.cjs') ? 'commonjs' : 'unknown';
}
