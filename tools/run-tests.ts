/** All tests, as many files at once as there are processors: the runner's own number is one less, which on two is one. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const PATTERNS = ['packages/**/*.test.ts', 'tools/**/*.test.ts', 'rules/**/*.test.ts'];

const concurrency = `--test-concurrency=${availableParallelism()}`;
const tests = spawn(process.execPath, ['--test', concurrency, ...PATTERNS], { stdio: 'inherit' });
tests.once('exit', (status) => {
  process.exitCode = status ?? 1;
});
