import { type Digest, digestOf, Refused } from '@avow/bytes';
import { type FeatureId, isFeatureId } from '@avow/declare/vocabulary';
import { namespacesAbove } from './rule/namespaces.ts';
import type { CapaRule, Statement } from './rule/rule.ts';

/** Which words of the vocabulary the namespaces of capa's rules have. */
export interface CapaWords {
  readonly digest: Digest;
  /** By namespace: it and all below it, as far as a longer one does not say otherwise. */
  readonly namespaces: ReadonlyMap<string, FeatureId | undefined>;
  /** By the name of a rule, before its namespace. */
  readonly rules: ReadonlyMap<string, FeatureId | undefined>;
  /** By the name of a rule. */
  readonly doubts: ReadonlyMap<string, Doubt>;
}

/** A rule that was seen to match what it does not mean. */
export interface Doubt {
  /** Over its logic: a rule that is changed is doubted no more. */
  readonly logic: Digest;
  /** Formats in which it is doubted; undefined for all. */
  readonly formats?: readonly string[];
  readonly why: string;
}

/** What a doubt names a rule by, besides its name. */
export function logicDigest(statement: Statement): Digest {
  return digestOf(JSON.stringify(statement));
}

/** Why a rule's matches in a format are set aside; undefined where they are not. */
export function doubtOf(
  { doubts }: CapaWords,
  { name, statement }: CapaRule,
  format: string,
): Doubt | undefined {
  const doubt = doubts.get(name);
  if (doubt === undefined || doubt.formats?.includes(format) === false) return undefined;
  return doubt.logic === logicDigest(statement) ? doubt : undefined;
}

/** The table from the text of `rules/capa/words.json`. Refuses `capa.words` for a word that is not in the vocabulary. */
export function readCapaWords(text: string): CapaWords {
  const { namespaces, rules, doubtful } = JSON.parse(text) as WordsFile;
  return {
    digest: digestOf(text),
    namespaces: wordsOf(namespaces),
    rules: wordsOf(rules),
    doubts: new Map(Object.entries(doubtful)),
  };
}

interface WordsFile {
  readonly namespaces: Readonly<Record<string, string | null>>;
  readonly rules: Readonly<Record<string, string | null>>;
  readonly doubtful: Readonly<Record<string, Doubt>>;
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
