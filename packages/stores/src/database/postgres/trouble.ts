/** How long a server may be away, as when it is restarted, before callers are told. */
export const CONNECT_MS = 30_000;

/** PostgreSQL 15, appendix A. */
const ADMIN_SHUTDOWN = '57P01';
const CRASH_SHUTDOWN = '57P02';
const CANNOT_CONNECT_NOW = '57P03';
const TOO_MANY_CONNECTIONS = '53300';
const DISK_FULL = '53100';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const NOT_YET = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  CANNOT_CONNECT_NOW,
  TOO_MANY_CONNECTIONS,
]);

const LOST = new Set(['ECONNRESET', 'EPIPE', ADMIN_SHUTDOWN, CRASH_SHUTDOWN]);

function codeOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? '';
}

/** The connection broke. pg has no code for a socket that ended between two messages. */
export function isLost(error: unknown): boolean {
  return (
    LOST.has(codeOf(error)) ||
    /Connection terminated|connection error and is not queryable/.test(`${error}`)
  );
}

/** No connection now; perhaps soon. */
export function isNotYet(error: unknown): boolean {
  return NOT_YET.has(codeOf(error)) || isLost(error) || /timeout exceeded when/.test(`${error}`);
}

/** Two transactions met, and this one was rolled back. */
export function isMet(error: unknown): boolean {
  return [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(codeOf(error));
}

export function isFull(error: unknown): boolean {
  return codeOf(error) === DISK_FULL;
}
