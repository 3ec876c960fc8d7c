import { compileCapaRules } from '../match/compile.ts';
import { Matcher } from '../match/matcher.ts';
import { add, type Found, WHOLE } from '../match/test.ts';
import type { RuleFeature, Scope } from '../rule/rule.ts';
import { type CapaRules, readCapaRules } from '../rule/set.ts';

/** A rule's text: its features as they stand in a file, indented by two. */
export function ruleText(
  name: string,
  features: string,
  { scope = 'function', more = '' }: { readonly scope?: string; readonly more?: string } = {},
): string {
  const body = features
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return `rule:
  meta:
    name: ${name}
${more}    scopes:
      static: ${scope}
      dynamic: unsupported
  features:
${body}
`;
}

/** A folder of rules, each under the name of its file. */
export function rulesOf(...texts: readonly string[]): CapaRules {
  return readCapaRules(texts.map((text, index) => ({ path: `${index}.yml`, text })));
}

/** A feature that is found, at places. */
export type Given = readonly [kind: RuleFeature['kind'], value: string, ...places: number[]];

/** Names of the rules that match features written by hand, in one scope, in the order of matching. */
export function matchesIn(
  rules: CapaRules,
  scope: Scope,
  features: readonly Given[],
): readonly string[] {
  const compiled = compileCapaRules(rules);
  const found: Found = new Map();
  for (const [kind, value, ...places] of features) {
    const feature = featureOf(kind, value);
    const id = compiled.asked.ask(feature, scope);
    for (const place of places.length > 0 ? places : [WHOLE]) add(found, id, place);
  }
  const names: string[] = [];
  const matcher = new Matcher(compiled, [], ({ rule }) => names.push(rule.name));
  matcher.match(scope, found, 0);
  return names;
}

function featureOf(kind: RuleFeature['kind'], value: string): RuleFeature {
  if (kind === 'basic blocks') return { kind };
  if (kind === 'regex') return { kind, value, ignoresCase: false };
  return { kind, value } as RuleFeature;
}
