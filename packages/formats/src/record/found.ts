import type { Why } from '@avow/bytes';
import type { ClamCheck } from './clamav/cvd.ts';
import type { DatabaseContext, DatabaseMember, RecordFormat } from './record.ts';

/** A member of a product, as containers give it. */
export interface ProductMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One database update inside a product: files that are read together. */
export interface FoundDatabase {
  /** Of its file, or of the folder that its files share; `` for the product's root. */
  readonly path: string;
  readonly format: RecordFormat;
  /** The maker's update number; `` where the files state none. */
  readonly update: string;
  readonly members: readonly DatabaseMember[];
  readonly context: DatabaseContext;
  /** Signatures, digests and counts that the format lets one check. */
  readonly checks: readonly ClamCheck[];
  /** What the header states, where it does. */
  readonly stated: number | undefined;
  readonly faults: readonly Why[];
}
