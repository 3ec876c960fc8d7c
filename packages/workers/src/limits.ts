/** What one module may cost. A limit that is hit makes the module `unread`, with its code. */
export interface WorkerLimits {
  /** Bytes of one module. Above it: `worker.too-large`. */
  readonly maxModuleBytes: number;
  /** Wall time of one module in milliseconds, besides `perMegabyteMs`. Above it: `worker.timeout`. */
  readonly moduleMs: number;
  /** Added to `moduleMs` for each started million bytes of the module. */
  readonly perMegabyteMs: number;
  /** V8 heap of one child process, in MiB. Above it: `worker.memory`. */
  readonly heapMiB: number;
  /** Child processes at once. */
  readonly workers: number;
}

/**
 * The largest script seen in 39 popular packages has 13.3 MB; four times that
 * is generous, and a 200 MB one-line file, sent to exhaust memory, is refused
 * before a parser sees it.
 */
export const MAX_MODULE_BYTES = 64_000_000;

/**
 * Machine code and WebAssembly may be larger by this: Node itself (127 MB) takes
 * two seconds and 300 MB of memory, where a script of that size would take all.
 */
export const NATIVE_FACTOR = 8;

/**
 * A parser does over 10 MB a second, so ordinary modules take milliseconds.
 * Twenty seconds stop input made to run for ever, and leave a machine under
 * ten times its load enough not to call an honest module too slow.
 */
export const MODULE_MS = 20_000;
export const PER_MEGABYTE_MS = 2_000;

/**
 * The pure-JavaScript parser needs about 50 bytes of heap for a byte of script;
 * a module of 10 MB fits, two children at their limit fit a small machine.
 */
export const HEAP_MIB = 1_024;

export const DEFAULT_LIMITS: Omit<WorkerLimits, 'workers'> = {
  maxModuleBytes: MAX_MODULE_BYTES,
  moduleMs: MODULE_MS,
  perMegabyteMs: PER_MEGABYTE_MS,
  heapMiB: HEAP_MIB,
};

export function timeFor(bytes: number, limits: WorkerLimits): number {
  return limits.moduleMs + Math.ceil(bytes / 1e6) * limits.perMegabyteMs;
}
