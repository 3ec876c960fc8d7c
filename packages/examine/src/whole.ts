import type { Examination } from './result.ts';

/** Everything in the product was read, and decided; else more may be there than the result says. */
export function isWhole({
  coverage,
  modules,
  unknowns,
}: Pick<Examination, 'coverage' | 'modules' | 'unknowns'>): boolean {
  const isRead =
    coverage.bytesRead === coverage.bytes && modules.every(({ state }) => state === 'read');
  return isRead && unknowns.length === 0;
}
