/**
 * The child of `avow fire`: tries one hostile record on one file and writes
 * what matched to standard output. It is killed when it takes too long; it
 * reads the task from standard input and the file by the path in it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FireMatch, FireResult, FireTask } from './fire-task.ts';

/** Matches of one pattern that are reported. */
const MAX_MATCHES = 64;

const { task, file } = JSON.parse(readFileSync(0, 'utf8')) as { task: FireTask; file: string };
const bytes = readFileSync(file);
process.stdout.write(JSON.stringify(await fire(task, bytes)));

async function fire(task: FireTask, bytes: Uint8Array): Promise<FireResult> {
  switch (task.engine) {
    case 'yara-x':
      return await byYara(task.source, task.rule, bytes);
    case 'patterns':
      return byPatterns(task, Buffer.from(bytes).toString('latin1'));
    default:
      return task satisfies never;
  }
}

interface YaraMatch {
  readonly offset: number;
  readonly length: number;
}

async function byYara(source: string, rule: string, bytes: Uint8Array): Promise<FireResult> {
  const { Compiler, initSync } = await import('@virustotal/yara-x');
  const module = new URL('yara_x_js_bg.wasm', import.meta.resolve('@virustotal/yara-x'));
  initSync({ module: readFileSync(fileURLToPath(module)) });
  const compiler = new Compiler();
  try {
    compiler.addSource(source);
    const scanner = compiler.build().scanner();
    scanner.setMaxMatchesPerPattern(MAX_MATCHES);
    const result = scanner.scan(bytes);
    const found = (result.matchingRules ?? result.matches ?? []).find(
      (one: { identifier: string }) => one.identifier === rule,
    );
    const matches: FireMatch[] = (found?.patterns ?? []).flatMap(
      ({ identifier, matches: places }: { identifier: string; matches: YaraMatch[] }) =>
        places.map(({ offset, length }) => ({ pattern: identifier, offset, length })),
    );
    return { fires: found !== undefined, matches };
  } catch (error) {
    return { fires: false, matches: [], fault: String(error).slice(0, 2_000) };
  }
}

function byPatterns(task: Extract<FireTask, { engine: 'patterns' }>, text: string): FireResult {
  const matches: FireMatch[] = [];
  let hits = 0;
  for (const { name, regex, flags } of task.patterns) {
    let compiled: RegExp;
    try {
      compiled = new RegExp(jsSource(regex), `g${jsFlags(flags)}`);
    } catch (error) {
      return { fires: false, matches, fault: `${name}: ${(error as Error).message}` };
    }
    let count = 0;
    for (const match of text.matchAll(compiled)) {
      if (count++ === MAX_MATCHES) break;
      matches.push({ pattern: name, offset: match.index, length: match[0].length });
    }
    if (count > 0) hits++;
  }
  return { fires: task.needs === 'all' ? hits === task.patterns.length : hits > 0, matches };
}

/** What Perl writes and JavaScript does not: `\A`, `\z`, `\h`, possessive and atomic groups, names of classes. */
function jsSource(regex: string): string {
  return regex
    .replaceAll(/\\A/g, '^')
    .replaceAll(/\\[zZ]/g, '$')
    .replaceAll(/\\h/g, '[ \\t]')
    .replaceAll(/\(\?>/g, '(?:')
    .replaceAll(/([*+?}])\+/g, '$1')
    .replaceAll(/\(\?\^?[ismx]*\)/g, '')
    .replaceAll(/\[:alnum:\]/g, 'A-Za-z0-9')
    .replaceAll(/\[:alpha:\]/g, 'A-Za-z')
    .replaceAll(/\[:digit:\]/g, '0-9')
    .replaceAll(/\[:space:\]/g, '\\s');
}

function jsFlags(flags: string): string {
  return ['i', 's', 'm'].filter((flag) => flags.includes(flag)).join('');
}
