import { type Logger, pino } from 'pino';

/**
 * Lines of JSON on standard error. Nothing of a person goes in: no address, no
 * account, no query, no text that someone typed.
 */
export function loggerOf(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
