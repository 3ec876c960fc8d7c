import type { FeatureId } from '@avow/declare';
import type { CompiledRule, Rules } from '../rules/compile.ts';
import { MAX_MATCHED } from './conditions.ts';
import { hostOf } from './recipient.ts';

export interface Refined {
  readonly feature: FeatureId;
  /** Record id of the rule or row that decided. */
  readonly rule: string;
  /** As `Match` has it: the whole text, or what the row asks of it. */
  readonly recipient: string | undefined;
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
  const own: Refined = { feature: rule.feature, rule: rule.id, recipient };
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
      const told = row.recipient === 'host' ? (hostsIn(recipient) ?? recipient) : recipient;
      const by = { feature: row.feature, rule: row.id, recipient: told };
      if (row.how === 'replaces') first = by;
      else if (!added.some(({ feature }) => feature === row.feature)) added.push(by);
    }
  }
  return [first, ...added.filter(({ feature }) => feature !== first.feature)];
}

/** The hosts of the URLs in a command; undefined when it names none. */
function hostsIn(command: string): string | undefined {
  const urls = command.match(/\b(?:https?|ftp|wss?):\/\/[^\s'"`|;&<>()]{1,2000}/gi) ?? [];
  const hosts = new Set(urls.map(hostOf));
  return hosts.size === 0 ? undefined : [...hosts].join(' | ');
}
