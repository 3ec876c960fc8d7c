import { RANKS, type Rank } from '../compare/findings.ts';
import { modulePath } from '../compare/parts.ts';
import type { Allowed } from './allowed.ts';

/** What a gate needs of a finding; those of a result document fit. */
export interface GatedFinding {
  readonly id: string;
  readonly of: string;
  readonly also?: readonly string[] | undefined;
  readonly rank: Rank;
  readonly locator?: string | undefined;
}

export interface GateRules {
  /** Findings of this rank and above it stop; undefined: none does. */
  readonly failOn: Rank | undefined;
  readonly allowed: readonly Allowed[];
  /** Ids of findings that were there before. */
  readonly baseline: ReadonlySet<string>;
  /** Digests of the modules as examined, by path. */
  readonly digests: ReadonlyMap<string, string>;
  /** YYYY-MM-DD. */
  readonly today: string;
}

export interface Gated<F> {
  readonly finding: F;
  readonly state: GateState;
  /** What accepted it, or no longer does: its line in the file of accepted findings. */
  readonly line?: number;
}

/**
 * `stops`: it fails the gate. `below`: its rank is under the gate's. `accepted`,
 * `known`: let through. `expired`, `changed`: was accepted, and stops again.
 */
export type GateState = 'stops' | 'below' | 'accepted' | 'known' | 'expired' | 'changed';

export const STOPPING: readonly GateState[] = ['stops', 'expired', 'changed'];

/** Which findings stop, and which are let through and why. */
export function gate<F extends GatedFinding>(
  findings: readonly F[],
  rules: GateRules,
): readonly Gated<F>[] {
  const byFeature = Map.groupBy(rules.allowed, ({ feature }) => feature);
  return findings.map((finding) => {
    if (rules.baseline.has(finding.id)) return { finding, state: 'known' };
    const { state, line } = acceptance(finding, byFeature, rules);
    if (state === 'accepted') return withLine(finding, state, line);
    const isBelow =
      rules.failOn === undefined || RANKS.indexOf(finding.rank) > RANKS.indexOf(rules.failOn);
    if (isBelow) return { finding, state: 'below' };
    return withLine(finding, state, line);
  });
}

/** All features of a finding must be accepted; the first that is not says why. */
function acceptance(
  { of, also = [], locator = '' }: GatedFinding,
  byFeature: ReadonlyMap<string, readonly Allowed[]>,
  { digests, today }: GateRules,
): { readonly state: GateState; readonly line?: number | undefined } {
  const digest = digests.get(modulePath(locator));
  let accepted: Allowed | undefined;
  for (const id of [of, ...also]) {
    const entries = byFeature.get(id) ?? [];
    const [first] = entries;
    if (first === undefined) return { state: 'stops' };
    const same = entries.filter((entry) => entry.digest === digest);
    if (same.length === 0) return { state: 'changed', line: first.line };
    accepted = same.find(({ expires }) => today <= expires);
    if (accepted === undefined) return { state: 'expired', line: same[0]!.line };
  }
  return { state: 'accepted', line: accepted?.line };
}

function withLine<F>(finding: F, state: GateState, line: number | undefined): Gated<F> {
  return line === undefined ? { finding, state } : { finding, state, line };
}
