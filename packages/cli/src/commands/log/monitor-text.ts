import { VOCABULARY } from '@avow/declare';

/** Features of the vocabulary that the new text of a declaration names and the old does not. */
export function diffText(old: string | undefined, now: string | undefined): readonly string[] {
  const [before, after] = [featuresIn(old ?? ''), featuresIn(now ?? '')];
  return [...after].filter((feature) => !before.has(feature));
}

function featuresIn(text: string): ReadonlySet<string> {
  const words = text.split(/[^a-z0-9.-]+/);
  return new Set(words.filter((word) => Object.hasOwn(VOCABULARY, word)));
}
