/**
 * Comparison at scale: 100,000 features against 1,000 entries, to be under
 * 300 ms. `node bench/declare.ts` prints the median CPU time of nine runs for parts
 * that are all declared, all undeclared, and mixed; and what it takes to write
 * the remedy of every finding as well, which is done when they are read.
 */
import { compare, type Declaration, type FeaturePart, readDeclaration } from '@avow/declare';

const FEATURES = 100_000;
const ENTRIES = 1_000;
const RUNS = 9;

const KINDS = ['net.http', 'file.write', 'exec.spawn', 'env.named', 'file.any'] as const;

function declaration(): Declaration {
  const entries = Array.from({ length: ENTRIES }, (_, index) => {
    const kind = KINDS[index % KINDS.length]!;
    const field = kind === 'env.named' || kind === 'file.any' ? 'data' : 'does';
    const limit = field === 'data' ? 'from' : 'to';
    const where = kind === 'net.http' ? `"*.h${index}.example"` : `"n${index}"`;
    return `  - {${field}: ${kind}, ${limit}: ${where}, by: "lib/${index % 50}/**"}`;
  });
  return readDeclaration(
    `avow: 1\nmaker: M\nproduct: pkg:npm/a\nversions: "*"\ndate: "2026-11-23"\nentries:\n${entries.join('\n')}\n`,
  );
}

function features(isDeclared: (index: number) => boolean): FeaturePart[] {
  return Array.from({ length: FEATURES }, (_, index) => {
    const entry = index % ENTRIES;
    const feature = KINDS[entry % KINDS.length]!;
    const name = isDeclared(index) ? `${entry}` : `${entry}x${index}`;
    const recipient = feature === 'net.http' ? `a.h${name}.example` : `n${name}`;
    const locator = `pkg:npm/a@1.0.0#lib/${entry % 50}/f${index % 5_000}.js @line:${index + 1}:1`;
    return { id: `f${index}`, feature, locator, recipient, when: 'call' };
  });
}

const CASES = {
  'all declared': () => true,
  'one in ten undeclared': (index: number) => index % 10 !== 0,
  'all undeclared, each alone': () => false,
} as const;

const declared = declaration();
for (const [name, isDeclared] of Object.entries(CASES)) {
  const parts = { modules: [], features: features(isDeclared), flows: [], unknowns: [] };
  const times = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    const { findings } = compare(parts, declared);
    const ms = cpuSince(start);
    const length = findings.reduce((sum, { remedy }) => sum + (remedy.add?.length ?? 0), 0);
    return { ms, written: cpuSince(start), findings: findings.length, length };
  }).sort((a, b) => a.ms - b.ms);
  const { ms, written, findings } = times[Math.floor(RUNS / 2)]!;
  console.log(
    `${name.padEnd(28)} ${ms.toFixed(0).padStart(6)} ms  ${findings} findings, with their remedies ${written.toFixed(0)} ms`,
  );
}

function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
