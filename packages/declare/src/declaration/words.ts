import { type FeatureId, isFeatureId, VOCABULARY } from '../vocabulary.ts';

/** Every id, in the vocabulary's order. */
export const ALL_FEATURES = Object.keys(VOCABULARY) as readonly FeatureId[];

/** Sources: what `data` may name. */
export const SOURCES: readonly FeatureId[] = ALL_FEATURES.filter(
  (id) => VOCABULARY[id].group === 'source',
);

/** Destinations, powers, qualifiers: what `does` may name. */
export const DEEDS: readonly FeatureId[] = ALL_FEATURES.filter(
  (id) => VOCABULARY[id].group !== 'source',
);

/** Ids of destinations outside the machine or process: numbers 29 to 42 of the reference. */
export function isLeaving(id: FeatureId): boolean {
  const { number } = VOCABULARY[id];
  return number >= 29 && number <= 42;
}

export function isSource(id: FeatureId): boolean {
  return VOCABULARY[id].group === 'source';
}

/** `net.*` for ids that begin with `net.`, and `*` for all of them. */
export function wildcardsOf(ids: readonly FeatureId[]): readonly string[] {
  const families = ids.filter((id) => id.includes('.')).map((id) => `${id.split('.')[0]}.*`);
  return ['*', ...new Set(families)];
}

/** The ids that a word stands for; undefined when it is no word of `ids`. */
export function featuresOf(
  word: string,
  ids: readonly FeatureId[],
): readonly FeatureId[] | undefined {
  if (isFeatureId(word)) return ids.includes(word) ? [word] : undefined;
  if (!wildcardsOf(ids).includes(word)) return undefined;
  return word === '*' ? ids : ids.filter((id) => id.startsWith(word.slice(0, -1)));
}

/** Features that speak of no path, host, command or name: `from` and `to` do not limit them. */
const NAMELESS: ReadonlySet<FeatureId> = new Set<FeatureId>([
  'env.bulk',
  'browser.cookies',
  'browser.history',
  'browser.storage',
  'content.view',
  'content.traffic',
  'clipboard.read',
  'input.keys',
  'screen',
  'microphone',
  'camera',
  'location',
  'people',
  'device.id',
  'host.profile',
  'net.profile',
  'process.inspect',
  'clipboard.write',
  'code.eval',
  'priv.elevate',
  'security.tamper',
  'opaque.obfuscated',
  'opaque.unanalysed',
  'transform',
  'gated',
]);

/** Whether a feature without a recipient lacks one by its nature, and not because none could be told. */
export function isNameless(id: FeatureId): boolean {
  return NAMELESS.has(id);
}
