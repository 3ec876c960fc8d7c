import { base64Of, bytesOfBase64, bytesOfHex, Refused } from '@avow/bytes';
import { isRecordIncluded } from '@avow/log';
import type { DocketEvent, Subject } from '../event/event.ts';
import { type DocketHead, type Headed, subjectDigest } from './head.ts';

/** That a subject's events are all that it had when the head was taken. */
export interface SubjectProof {
  readonly subject: Subject;
  /** Place among the subjects, and the hashes from its leaf to the root, in base64. */
  readonly index: string;
  readonly path: readonly string[];
}

/** Of a case and its claims, as they are handed over. */
export interface CaseProof {
  readonly schema: 'avow.case-proof/1';
  readonly subjects: readonly SubjectProof[];
}

/** Those that the head knows; one that began later has no proof. */
export function proveSubjects({ tree }: Headed, subjects: readonly Subject[]): CaseProof {
  const proofs = subjects.flatMap((subject) =>
    tree.proofsOf(subject).map(({ proof: { index, path } }) => ({
      subject,
      index: `${index}`,
      path: path.map(base64Of),
    })),
  );
  return { schema: 'avow.case-proof/1', subjects: proofs };
}

/** Reads a proof. Refuses `docket.proof`. */
export function parseCaseProof(text: string): CaseProof {
  try {
    const proof = JSON.parse(text) as CaseProof;
    const isProof =
      proof?.schema === 'avow.case-proof/1' &&
      proof.subjects.every(
        ({ subject, index, path }) =>
          typeof subject === 'string' &&
          /^\d{1,15}$/.test(index) &&
          path.length <= MAX_PATH &&
          path.every((hash) => bytesOfBase64(hash)?.length === 32),
      );
    if (isProof) return proof;
  } catch {
    // Told below.
  }
  throw new Refused('docket.proof', undefined, 'it is no avow.case-proof/1');
}

/** No tree of subjects is deeper. */
const MAX_PATH = 63;

/** Whether these are all the events of a subject that the head knows. */
export function isComplete(
  events: readonly DocketEvent[],
  { subject, index, path }: SubjectProof,
  { subjects }: DocketHead,
): boolean {
  return isRecordIncluded(
    { id: subject, digest: subjectDigest(events) },
    {
      index: BigInt(index),
      count: BigInt(subjects.count),
      path: path.map((hash) => bytesOfBase64(hash)!),
    },
    bytesOfHex(subjects.root.slice('sha256:'.length))!,
  );
}
