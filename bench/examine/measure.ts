import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command took, its children included. */
export interface Cost {
  readonly status: number | null;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Highest memory of all processes together, a page that they share counted once; sampled, undefined where there is no /proc. */
  readonly peakBytes: number | undefined;
  /** The same with shared pages counted for each process. */
  readonly peakSummedBytes: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const SAMPLE_MS = 40;
const PAGE_BYTES = 4096;

/** `time` of bash counts what its children and theirs took, which Node cannot tell of others. */
const TIMED = 'TIMEFORMAT="avow-cost %R %U %S"; time timeout 600 "$@"';

export function costOf(
  command: readonly string[],
  environment: Record<string, string> = {},
): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let stdout = '';
    let stderr = '';
    let peak = 0;
    let peakSummed = 0;
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    const sampler = setInterval(() => {
      const { proportional, resident } = memoryOf(child.pid!);
      peak = Math.max(peak, proportional);
      peakSummed = Math.max(peakSummed, resident);
    }, SAMPLE_MS);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(sampler);
      const [, wall, user, system] = /avow-cost ([\d.]+) ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
      resolve({
        status,
        wallSeconds: Number(wall),
        cpuSeconds: Number(user) + Number(system),
        peakBytes: peak === 0 ? undefined : peak,
        peakSummedBytes: peakSummed === 0 ? undefined : peakSummed,
        stdout,
        stderr,
      });
    });
  });
}

/** Bytes of a process and all below it: by proportional set size (proc(5), smaps_rollup) and by resident size. */
function memoryOf(root: number): { readonly proportional: number; readonly resident: number } {
  const parents = new Map<number, number[]>();
  for (const pid of processes()) {
    const parent = Number(statOf(pid)?.[1]);
    if (!Number.isNaN(parent)) parents.set(parent, [...(parents.get(parent) ?? []), pid]);
  }
  let proportional = 0;
  let resident = 0;
  for (const open = [root]; open.length > 0; ) {
    const pid = open.pop()!;
    resident += Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * PAGE_BYTES;
    const rollup = read(`/proc/${pid}/smaps_rollup`) ?? '';
    proportional += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    open.push(...(parents.get(pid) ?? []));
  }
  return { proportional, resident };
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Fields of /proc/PID/stat after the name, which may hold anything: state, parent … */
function statOf(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
