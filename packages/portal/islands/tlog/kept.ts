import type { Checkpoint } from './checkpoint.ts';

/**
 * What this browser keeps of a log: its key, as its reader typed it, and the
 * largest tree that was verified here. A log that shows this reader another
 * past than before is found out by it.
 */
export interface Kept {
  readonly key?: string;
  readonly size?: number;
  readonly root?: string;
}

export function keptOf(origin: string): Kept {
  try {
    return JSON.parse(localStorage.getItem(`log ${origin}`) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

export function keep(origin: string, more: Kept): void {
  localStorage.setItem(`log ${origin}`, JSON.stringify({ ...keptOf(origin), ...more }));
}

export function keepVerified({ origin, size, root }: Checkpoint): void {
  if (size >= (keptOf(origin).size ?? 0)) keep(origin, { size, root });
}
