import type { FeatureId } from '@avow/declare';
import type { CompiledRule, Rules } from '../rules/compile.ts';
import { MAX_MATCHED } from './conditions.ts';

export interface Refined {
  readonly feature: FeatureId;
  /** Record id of the rule or row that decided. */
  readonly rule: string;
}

/**
 * The features of a matched rule, by what its tables say of the recipient:
 * rows that replace (the first of them) or add. Of a recipient with
 * alternatives, one is enough.
 */
export function refined(
  rules: Rules,
  rule: CompiledRule,
  recipient: string | undefined,
): Refined[] {
  const own: Refined = { feature: rule.feature, rule: rule.id };
  if (recipient === undefined || rule.refine === undefined) return [own];
  let first = own;
  const added: Refined[] = [];
  for (const table of rule.refine) {
    const text = (table === 'hosts' ? recipient.toLowerCase() : recipient).slice(0, MAX_MATCHED);
    const texts = text.includes(' | ') ? [text, ...text.split(' | ')] : [text];
    for (const row of rules.tables[table]) {
      if (row.of !== undefined && !row.of.has(rule.feature)) continue;
      if (row.how === 'replaces' && first !== own) continue;
      if (!texts.some((each) => row.like.test(each))) continue;
      const by = { feature: row.feature, rule: row.id };
      if (row.how === 'replaces') first = by;
      else if (!added.some(({ feature }) => feature === row.feature)) added.push(by);
    }
  }
  return [first, ...added.filter(({ feature }) => feature !== first.feature)];
}
