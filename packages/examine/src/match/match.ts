import type { FeatureId } from '@avow/declare';
import type { CompiledRule, Rules } from '../rules/compile.ts';
import type { ArgumentSource } from './arguments.ts';
import { holdAll } from './conditions.ts';
import { recipientOf } from './recipient.ts';
import { refined } from './refine.ts';

export interface Match {
  readonly feature: FeatureId;
  readonly rule: string;
  readonly recipient: string | undefined;
}

/** The features that a use has by the rules of its symbol. */
export function matchesOf(
  rules: Rules,
  candidates: readonly CompiledRule[],
  source: ArgumentSource,
): Match[] {
  const matches: Match[] = [];
  for (const rule of candidates) {
    if (!holdAll(rule.where, source)) continue;
    const recipient = recipientOf(rule.recipient, source);
    matches.push(...refined(rules, rule, recipient));
  }
  return matches;
}
