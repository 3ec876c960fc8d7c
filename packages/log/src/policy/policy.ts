import type { KeyType, VerifierKey } from '../note/key.ts';

/** Who must have seen a checkpoint (C2SP tlog-policy): witnesses, groups of them, and a quorum. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or a group; undefined for `quorum none`. */
  readonly quorum: string | undefined;
}

export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyWitness {
  /** The policy's own name for it; a checkpoint carries its key's name. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyGroup {
  readonly name: string;
  /** How many members must agree, 1 to all of them. */
  readonly threshold: number;
  readonly members: readonly string[];
}

/** Types of keys that a checkpoint of a log, and those that a witness, may sign with. */
export const LOG_KEY_TYPES: readonly KeyType[] = ['ed25519', 'subtree'];
export const WITNESS_KEY_TYPES: readonly KeyType[] = ['cosignature', 'subtree'];

/** True when the witnesses in `agreed` (by policy name) meet the policy's quorum. */
export function isQuorumMet(policy: Policy, agreed: ReadonlySet<string>): boolean {
  if (policy.quorum === undefined) return true;
  const met = new Set<string>();
  for (const { name } of policy.witnesses) if (agreed.has(name)) met.add(name);
  // Members are named before the group that has them, so one pass suffices.
  for (const { name, members, threshold } of policy.groups) {
    if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
  }
  return met.has(policy.quorum);
}

/** What a quorum asks for, for people: `2 of w1, w2, w3`. */
export function quorumText(policy: Policy): string {
  const { quorum } = policy;
  if (quorum === undefined) return 'no witness';
  const group = policy.groups.find(({ name }) => name === quorum);
  if (group === undefined) return quorum;
  return `${group.threshold} of ${group.members.join(', ')}`;
}
