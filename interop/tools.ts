import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Outside programs, at the versions that were run last; `go install` gets them by Go's module proxy. */
const WITNESS = 'github.com/transparency-dev/witness/cmd';
const WITNESS_VERSION = 'v0.0.0-20260720115447-2e1c6971d19e';
export const TOOLS = {
  fsck: 'github.com/transparency-dev/tessera/cmd/fsck@v1.0.4',
  hammer: 'github.com/transparency-dev/tessera/internal/hammer@v1.0.4',
  omniwitness: `${WITNESS}/omniwitness@${WITNESS_VERSION}`,
  litewitness: 'filippo.io/torchwood/cmd/litewitness@v0.9.0',
} as const;

export type Tool = keyof typeof TOOLS;

/** Vectors that the tests read from Go's module cache. */
export const VECTORS = [
  'github.com/transparency-dev/merkle@v0.0.3-0.20260707140218-77df88e508fa',
  'github.com/transparency-dev/tessera@v1.0.4',
];

const BIN = process.env['AVOW_INTEROP_BIN'] ?? join(tmpdir(), 'avow-interop-bin');

export function hasGo(): boolean {
  return canRun('go', ['version']);
}

export function canRun(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as { status?: number | null }).status != null;
  }
}

/** The path of an outside program, built once. Throws with Go's own words when it cannot be had. */
export function toolPath(tool: Tool): string {
  const path = join(BIN, tool);
  if (existsSync(path)) return path;
  mkdirSync(BIN, { recursive: true });
  go(['install', TOOLS[tool]], process.cwd());
  return path;
}

/** Our own small verifier, which is Go on other people's libraries. */
export function verifierPath(): string {
  return buildHere('verify-proof');
}

/** Our own small load on tessera's POSIX driver, for the bench. */
export function tesseraPosixPath(): string {
  return buildHere('tessera-posix');
}

function buildHere(name: string): string {
  const path = join(BIN, name);
  const folder = join(import.meta.dirname, name);
  mkdirSync(BIN, { recursive: true });
  go(['mod', 'download'], folder);
  // With its modules here, a program of ours that does not build is a failure, not a lack.
  runGo(['build', '-o', path, '.'], folder);
  return path;
}

/**
 * The witness network's load test. As published it cannot begin: it asks
 * transparency-dev/merkle for a proof from the empty tree, which that refuses
 * since June 2026. It is built here with that one refusal taken out.
 */
export function loadtestPath(): string {
  const path = join(BIN, 'loadtest');
  if (existsSync(path)) return path;
  mkdirSync(BIN, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'avow-loadtest-'));
  const merkle = join(folder, 'merkle');
  const module = JSON.parse(go(['mod', 'download', '-json', VECTORS[0]!], folder)) as {
    Dir: string;
  };
  cpSync(module.Dir, merkle, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', merkle]);
  const source = join(merkle, 'proof', 'proof.go');
  const refusal = 'return Nodes{}, fmt.Errorf("consistency proof from empty tree is meaningless")';
  const text = readFileSync(source, 'utf8');
  if (!text.includes(refusal)) throw new Error('transparency-dev/merkle is not as it was');
  writeFileSync(source, text.replace(refusal, 'return Nodes{}, nil'));
  const require = `require github.com/transparency-dev/witness ${WITNESS_VERSION}`;
  const replace = 'replace github.com/transparency-dev/merkle => ./merkle';
  writeFileSync(
    join(folder, 'go.mod'),
    `module loadtest\n\ngo 1.26.0\n\n${require}\n\n${replace}\n`,
  );
  go(['build', '-mod=mod', '-o', path, `${WITNESS}/loadtest`], folder);
  rmSync(folder, { recursive: true });
  return path;
}

export function fetchVectors(): void {
  for (const module of VECTORS) {
    console.log(module);
    go(['mod', 'download', module], tmpdir());
  }
}

/** An outside program could not be built: no network, or a module that is not to be had. */
export class ToolMissing extends Error {}

function go(args: readonly string[], folder: string): string {
  try {
    return runGo(args, folder);
  } catch (error) {
    const said = `${(error as { stderr?: string }).stderr ?? error}`.trim().split('\n').at(-1);
    throw new ToolMissing(`go ${args[0]}: ${said}`);
  }
}

function runGo(args: readonly string[], folder: string): string {
  return execFileSync('go', args, {
    cwd: folder,
    env: { ...process.env, GOBIN: BIN, GOTOOLCHAIN: 'local' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
}
