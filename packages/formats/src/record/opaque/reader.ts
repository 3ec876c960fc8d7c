import { digestOf, joined, latin1Text } from '@avow/bytes';
import { DatabaseRecord, type RecordReader } from '../record.ts';
import { opaqueSortOf } from './sorts.ts';

/** A whole file whose records are not disclosed. */
export class OpaqueRecord extends DatabaseRecord {
  readonly format = 'opaque';
  /** The sort of a known format that is not read; `file` where nobody outside can read it. */
  readonly kind: string;
  readonly id: string = '';
  readonly size: number;
  /** Bits a byte, 0 to 8: near 8 is packed or encrypted. */
  readonly entropy: number;
  readonly #digest: `sha256:${string}`;

  constructor(
    path: string,
    size: number,
    entropy: number,
    digest: `sha256:${string}`,
    sort?: string,
  ) {
    super(path, 1, 0, '');
    this.kind = sort ?? 'file';
    this.size = size;
    this.entropy = entropy;
    this.#digest = digest;
    this.unknown = {
      code: 'record.opaque',
      message:
        sort === undefined
          ? `${size} bytes, ${entropy.toFixed(2)} bits a byte, format not disclosed or not known`
          : `${size} bytes of ${sort}, whose records are not read`,
    };
  }

  override get digest(): `sha256:${string}` {
    return this.#digest;
  }

  override get detection(): string {
    return this.#digest;
  }
}

/** A database of no format that is known: its digest, size and entropy, never "clean". */
export const opaqueReader: RecordReader = {
  format: 'opaque',
  *read({ path, pieces }) {
    const counts = new Float64Array(256);
    const parts: Uint8Array[] = [];
    let size = 0;
    for (const piece of pieces) {
      for (const byte of piece) counts[byte]! += 1;
      size += piece.length;
      parts.push(piece);
    }
    let entropy = 0;
    for (const count of counts) {
      if (count > 0) entropy -= (count / size) * Math.log2(count / size);
    }
    const whole = parts.length === 1 ? parts[0]! : joined(parts, size);
    yield new OpaqueRecord(path, size, entropy, digestOf(whole), opaqueSortOf(path, whole)?.name);
  },
};

/** Printable runs, as `strings` gives them, for people who look at an opaque file. */
export function stringsOf(bytes: Uint8Array, most: number): string[] {
  const found: string[] = [];
  for (const match of latin1Text(bytes).matchAll(/[\x20-\x7e]{6,}/g)) {
    if (found.push(match[0]) >= most) break;
  }
  return found;
}
