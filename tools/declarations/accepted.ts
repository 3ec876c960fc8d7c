import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refused } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import type { NamedSubject } from './products.ts';

const AVOW = fileURLToPath(new URL('../../packages/cli/bin/avow.js', import.meta.url));
/** Tarballs that were fetched before are in its `packages/`. */
const CORPUS = `${process.env['AVOW_CORPUS'] ?? '/tmp/avow-corpus'}/packages`;

/** What the commands say of a package whose draft is accepted as it is, and of one feature more. */
export interface Accepted {
  /** Exit statuses of `declare`, `declare --check`, `examine` and `examine --fail-on undeclared`. */
  readonly draft: number;
  readonly check: number;
  readonly examine: number;
  readonly gate: number;
  /** Where not all was read, `examine` alone does not end with 0, and why is here. */
  readonly unknowns: readonly string[];
  /** The line added, and the gate's status and findings then: `path:line recipient`. */
  readonly seededAt: string;
  readonly seededGate: number;
  readonly seededFindings: readonly string[];
}

const SEED = "require('node:https').get('https://seeded.example/never-declared');";

/** Runs the commands on the package's files. Refuses `npm.failed` where they cannot be had. */
export function accepted({ spec }: NamedSubject): Accepted {
  const work = mkdtempSync(join(tmpdir(), 'avow-accepted-'));
  try {
    return acceptedIn(work, unpacked(spec, work));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function acceptedIn(work: string, folder: string): Accepted {
  const draft = join(work, 'draft.yaml');
  const declared = ['--declaration', draft, '-q'];
  const avow = (...args: readonly string[]): number => {
    const env = { ...process.env, AVOW_CACHE: join(work, 'cache') };
    return spawnSync(process.execPath, [AVOW, ...args], { cwd: work, env }).status ?? -1;
  };
  const examined = (file: string, ...more: readonly string[]) => {
    const output = ['--format', 'json', '--output', file];
    const status = avow('examine', folder, ...declared, ...output, ...more);
    return { status, result: JSON.parse(readFileSync(file, 'utf8')) as Examination };
  };
  const drafted = avow('declare', folder, '--output', draft, '-q');
  const check = avow('declare', folder, '--check', ...declared);
  const { status, result } = examined(join(work, 'kept.json'));
  const gate = avow('examine', folder, ...declared, '--fail-on', 'undeclared');
  const path = seedable(result);
  const line = readFileSync(join(folder, path), 'utf8').split('\n').length + 1;
  appendFileSync(join(folder, path), `\n${SEED}\n`);
  const seeded = examined(join(work, 'seeded.json'), '--fail-on', 'undeclared');
  return {
    draft: drafted,
    check,
    examine: status,
    gate,
    unknowns: [...new Set(result.unknowns.map(({ why }) => why.code))].sort(),
    seededAt: `${path}:${line}`,
    seededGate: seeded.status,
    seededFindings: seeded.result.findings.map(({ locator = '', recipient }) => {
      const [, file, at] = /#(.*?) @line:(\d+)/.exec(locator) ?? [];
      return `${file}:${at} ${recipient}`;
    }),
  };
}

/** The smallest CommonJS module that was read whole. */
function seedable({ modules }: Examination): string {
  const scripts = modules
    .filter(({ kind, state }) => kind === 'script' && state === 'read')
    .filter(({ path }) => /(?<!\.min)\.c?js$/.test(path))
    .sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1));
  return scripts[0]!.path;
}

function unpacked(spec: string, work: string): string {
  const name = spec.replace(/^npm:/, '');
  const file = `${name
    .replace(/^@/, '')
    .replace('/', '-')
    .replace(/@(?=[^@]*$)/, '-')}.tgz`;
  const kept = join(CORPUS, file);
  if (!existsSync(kept)) {
    const { status, stderr } = spawnSync('npm', ['pack', name, '--pack-destination', work], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Refused('npm.failed', undefined, stderr);
  }
  const tarball = existsSync(kept)
    ? kept
    : join(work, readdirSync(work).find((one) => one.endsWith('.tgz'))!);
  mkdirSync(join(work, 'product'));
  spawnSync('tar', ['-xzf', tarball, '-C', join(work, 'product'), '--strip-components=1']);
  return join(work, 'product');
}
