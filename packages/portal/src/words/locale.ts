import type { Words } from './words.ts';

/** Name of the cookie in which a person's choice of language is kept. */
export const LOCALE_COOKIE = 'avow-language';

/** More languages than this in one header are not looked at: the header is anybody's. */
const MAX_RANGES = 20;

/**
 * The language to answer in: what the person chose, else the first of
 * Accept-Language (RFC 9110, 12.5.4) that there is, else English.
 */
export function chooseWords(
  all: ReadonlyMap<string, Words>,
  chosen: string | undefined,
  accepted: string | undefined,
): Words {
  const ranges = (accepted ?? '').split(',', MAX_RANGES).map((part) => {
    const [tag = '', ...parameters] = part.trim().split(';');
    const weight = parameters
      .map((one) => /^\s*q=([01](?:\.\d{1,3})?)$/.exec(one)?.[1])
      .find(Boolean);
    return { tag: tag.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
  });
  const wanted = ranges
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
  for (const tag of chosen === undefined ? wanted : [chosen, ...wanted]) {
    const words = all.get(tag) ?? all.get(tag.split('-')[0]!);
    if (words !== undefined) return words;
  }
  return all.get('en')!;
}
