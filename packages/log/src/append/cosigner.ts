import { Refused } from '@avow/bytes';
import { type Note, type NoteSignature, printNote } from '../note/note.ts';
import { isQuorumMet, type Policy } from '../policy/policy.ts';
import type { TreeReader } from '../tile/reader.ts';
import { requestCosignature, type Witness } from '../witness/client.ts';

/** What a round of asking the witnesses gave. */
export interface CosignRound {
  readonly signatures: readonly NoteSignature[];
  readonly isQuorumMet: boolean;
  /** Why witnesses did not sign; a slow one is not waited for once the quorum is met. */
  readonly failures: readonly { readonly witness: string; readonly error: unknown }[];
}

/** Asks every witness of a log at once; one that is still busy with an older tree is left alone. */
export class Cosigner {
  readonly #policy: Policy;
  readonly #witnesses: readonly Witness[];
  readonly #knownSizes = new Map<string, bigint>();
  readonly #busy = new Set<string>();

  /** `witnesses` are named as in the policy. */
  constructor(policy: Policy, witnesses: readonly Witness[]) {
    this.#policy = policy;
    this.#witnesses = witnesses;
  }

  /**
   * Gathers cosignatures until the quorum is met or every witness has answered.
   *
   * Refuses `witness.ahead`: the one answer that must stop the log.
   */
  async cosign(note: Note, tree: TreeReader): Promise<CosignRound> {
    const agreed = new Map<string, readonly NoteSignature[]>();
    const failures: { witness: string; error: unknown }[] = [];
    const isMet = () => isQuorumMet(this.#policy, new Set(agreed.keys()));
    await new Promise<void>((resolve, reject) => {
      const asked = this.#witnesses
        .filter(({ name }) => !this.#busy.has(name))
        .map(async (witness) => {
          try {
            agreed.set(witness.name, await this.#ask(witness, note, tree));
          } catch (error) {
            if (isAhead(error)) reject(error);
            failures.push({ witness: witness.name, error });
          }
          if (this.#policy.quorum !== undefined && isMet()) resolve();
        });
      void Promise.all(asked).then(() => resolve());
    });
    return { signatures: [...agreed.values()].flat(), isQuorumMet: isMet(), failures };
  }

  async #ask(witness: Witness, note: Note, tree: TreeReader): Promise<readonly NoteSignature[]> {
    this.#busy.add(witness.name);
    try {
      const signatures = await requestCosignature(witness, {
        checkpoint: printNote(note),
        knownSize: this.#knownSizes.get(witness.name) ?? 0n,
        consistency: (olderSize) => tree.consistencyClaimed(olderSize),
      });
      this.#knownSizes.set(witness.name, tree.head.size);
      return signatures;
    } finally {
      this.#busy.delete(witness.name);
    }
  }
}

function isAhead(error: unknown): boolean {
  return error instanceof Refused && error.code === 'witness.ahead';
}
