import type { NoteSigner, NoteVerifier } from '../note/note.ts';
import type { Policy } from '../policy/policy.ts';
import type { TreeHead } from '../proof/verify.ts';
import type { Witness } from '../witness/client.ts';
import type { WriteStep } from './steps.ts';
import type { LogStore } from './store.ts';

export interface WriterSettings {
  readonly origin: string;
  readonly store: LogStore;
  /** Ed25519 first, which every reader knows; ML-DSA-44 may follow. */
  readonly signers: readonly NoteSigner[];
  /** Every key that this log has signed with, former ones included. */
  readonly ownKeys: readonly NoteVerifier[];
  /** Whose cosignatures a checkpoint needs before it is published. */
  readonly policy: Policy;
  readonly witnesses: readonly Witness[];
  /** Waits; the time between two checkpoints, and between two attempts without quorum. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told of each step when it is done; a test may end the process there. */
  readonly onStep?: (step: WriteStep) => void | Promise<void>;
  /** Told why a witness did not sign. */
  readonly onWitnessFailure?: (witness: string, error: unknown) => void;
}

/** A checkpoint that readers can see. */
export interface Published {
  readonly head: TreeHead;
  readonly note: Uint8Array;
}
