import { digestOf } from '@avow/bytes';
import type { Rule } from '@avow/examine';
import { type ModuleFeature, observeModule, type Rules } from '@avow/examine';
import { readScript } from '@avow/formats';
import { usesIn } from './native-cases.ts';
import type { Case, Cased } from './source.ts';
import { isNativeSymbol } from './symbols.ts';

/** What the examiner finds in a snippet; an error where it cannot read it. */
export function featuresIn(
  { code, language = 'js' }: Case,
  rules: Rules,
): readonly ModuleFeature[] {
  const bytes = new TextEncoder().encode(code);
  const task = { digest: digestOf(bytes), bytes, language, goal: 'unknown' } as const;
  const reading = observeModule(task, readScript, rules);
  if (reading.state !== 'read') throw new Error(`${code}: ${reading.why?.message}`);
  return reading.features;
}

/** What is wrong with one case of a rule; undefined when nothing is. */
export function caseFault(
  { record }: Cased<Rule>,
  kind: 'matches' | 'misses',
  one: Case,
  rules: Rules,
): string | undefined {
  const isNative = (record.call ?? []).some(isNativeSymbol);
  const features: readonly Found[] = isNative ? usesIn(one.code, rules) : featuresIn(one, rules);
  const own = features.filter(({ rule }) => rule === record.id);
  if (kind === 'misses') {
    return own.length > 0 ? `must not match: ${one.code}\n  ${print(own)}` : undefined;
  }
  const wanted = one.feature ?? record.feature;
  const fitting = one.feature === undefined ? own : features;
  const found = fitting.filter(({ feature }) => feature === wanted);
  if (found.length === 0) return `must match: ${one.code}\n  ${print(features)}`;
  if (one.recipient !== undefined && !found.some(({ recipient }) => recipient === one.recipient)) {
    return `must name ${one.recipient}: ${one.code}\n  ${print(found)}`;
  }
  return undefined;
}

interface Found {
  readonly feature: string;
  readonly rule: string;
  readonly recipient?: string | undefined;
}

function print(features: readonly Found[]): string {
  return `found ${features.map(({ feature, rule, recipient }) => `${feature} by ${rule} (${recipient})`).join(', ') || 'nothing'}`;
}
