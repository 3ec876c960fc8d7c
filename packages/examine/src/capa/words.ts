import { type Digest, digestOf, Refused } from '@avow/bytes';
import { type FeatureId, isFeatureId } from '@avow/declare/vocabulary';
import { namespacesAbove } from './rule/namespaces.ts';

/** Which words of the vocabulary the namespaces of capa's rules have. */
export interface CapaWords {
  readonly digest: Digest;
  /** By namespace: it and all below it, as far as a longer one does not say otherwise. */
  readonly namespaces: ReadonlyMap<string, FeatureId | undefined>;
  /** By the name of a rule, before its namespace. */
  readonly rules: ReadonlyMap<string, FeatureId | undefined>;
}

/** The table from the text of `rules/capa/words.json`. Refuses `capa.words` for a word that is not in the vocabulary. */
export function readCapaWords(text: string): CapaWords {
  const { namespaces, rules } = JSON.parse(text) as Readonly<
    Record<'namespaces' | 'rules', Readonly<Record<string, string | null>>>
  >;
  return { digest: digestOf(text), namespaces: wordsOf(namespaces), rules: wordsOf(rules) };
}

function wordsOf(
  table: Readonly<Record<string, string | null>>,
): ReadonlyMap<string, FeatureId | undefined> {
  const words = new Map<string, FeatureId | undefined>();
  for (const [name, word] of Object.entries(table)) {
    if (word !== null && !isFeatureId(word)) {
      throw new Refused('capa.words', undefined, `${name} is said to be ${word}, which is no word`);
    }
    words.set(name, word ?? undefined);
  }
  return words;
}

/** The word of a rule; undefined where none says honestly what a match means. */
export function wordOf(
  { namespaces, rules }: CapaWords,
  rule: string,
  namespace: string,
): FeatureId | undefined {
  if (rules.has(rule)) return rules.get(rule);
  const nearest = namespacesAbove(namespace).find((space) => namespaces.has(space));
  return nearest === undefined ? undefined : namespaces.get(nearest);
}
