import { types } from 'pg';

/** Types by their numbers in PostgreSQL's `pg_type.dat`. */
const BYTEA = 17;
const INT8 = 20;
const NUMERIC = 1700;

/** As SQLite gives them: whole numbers as `number`, bytes as `Uint8Array`. */
export const ROW_TYPES = {
  getTypeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (format !== 'binary' && type === BYTEA) return bytesOf;
    // `sum` of whole numbers is numeric.
    if (format !== 'binary' && (type === INT8 || type === NUMERIC)) return numberOf;
    return types.getTypeParser(type, format as 'text') as (value: string) => unknown;
  },
};

function bytesOf(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value.slice('\\x'.length), 'hex'));
}

function numberOf(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new RangeError(`${value} is beyond 2^53`);
  }
  return number;
}
