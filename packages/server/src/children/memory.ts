import { readFileSync } from 'node:fs';

const PAGE = 4_096;

/** Resident bytes of a process and all below it; 0 where the system does not tell (Linux does). */
export function memoryOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  let sum = 0;
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    sum += residentOf(next);
    waiting.push(...childrenOf(next));
  }
  return sum;
}

function residentOf(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE;
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`).trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** A process that ended meanwhile has nothing to tell. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
