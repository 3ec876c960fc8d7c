import { createHash } from 'node:crypto';
import type { Row } from './tables.ts';

const MODULUS = 1n << 256n;

/**
 * How many rows, and a digest of them that does not depend on their order: the
 * sum of their SHA-256 digests, modulo 2^256. Two engines give rows in different
 * orders; the same rows, each as often, give the same sum.
 */
export class RowSum {
  #rows = 0;
  #sum = 0n;

  add(row: Row, columns: readonly string[]): void {
    const hash = createHash('sha256').update(
      JSON.stringify(columns.map((name) => told(row[name]))),
    );
    this.#sum = (this.#sum + BigInt(`0x${hash.digest('hex')}`)) % MODULUS;
    this.#rows++;
  }

  get rows(): number {
    return this.#rows;
  }

  /** 64 lower-case hex digits. */
  get digest(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }
}

function told(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  return value ?? null;
}
