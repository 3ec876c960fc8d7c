/** Identifiers of one name; real ones have under ten. */
const MAX_IDENTIFIERS = 12;

/**
 * `Foundation.Data.write.to.options` of a mangled Swift name: module, types,
 * function and labels in their order, without the types of its signature
 * (Swift, docs/ABI/Mangling.rst, stable since 5). Words that a name repeats are
 * put in. Undefined for a name that is not Swift's or says nothing so simple.
 */
export function swiftName(name: string): string | undefined {
  const start = /^_?\$[sS]/.exec(name)?.[0].length;
  if (start === undefined) return undefined;
  const found: string[] = [];
  const words: string[] = [];
  let at = start;
  while (at < name.length && found.length < MAX_IDENTIFIERS) {
    const identifier = identifierAt(name, at, words);
    if (identifier !== undefined) {
      found.push(identifier.text);
      at = identifier.end;
      // A class, structure, enumeration or protocol: its members follow.
      if (found.length > 1 && /[CVOP]/.test(name[at] ?? '')) at += 1;
    } else if (found.length === 0 && name[at] === 's') {
      found.push('Swift');
      at += 1;
    } else break;
  }
  return found.length > 1 ? found.join('.') : undefined;
}

/** `4Data`, or `0A3Foo` where words of before are put in: a letter for each, in capitals the last. */
function identifierAt(
  name: string,
  start: number,
  words: string[],
): { readonly text: string; readonly end: number } | undefined {
  let at = start;
  let text = '';
  if (name[at] === '0') {
    at += 1;
    for (;;) {
      const letter = name[at] ?? '';
      if (!/[a-zA-Z]/.test(letter)) return undefined;
      const word = words[letter.toLowerCase().charCodeAt(0) - 97];
      if (word === undefined) return undefined;
      text += word;
      at += 1;
      if (letter < 'a') break;
    }
  }
  const digits = /^\d{1,3}/.exec(name.slice(at, at + 3))?.[0];
  if (digits === undefined) return text === '' ? undefined : { text, end: at };
  const from = at + digits.length;
  const end = from + Number(digits);
  const plain = name.slice(from, end);
  if (end > name.length || !/^\w*$/.test(plain)) return undefined;
  addWords(plain, words);
  return { text: text + plain, end };
}

/** Words begin with a capital, or after what is no letter; of two letters at the least, at most 26. */
function addWords(text: string, words: string[]): void {
  for (const word of text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []) {
    if (word.length >= 2 && words.length < 26) words.push(word);
  }
}
