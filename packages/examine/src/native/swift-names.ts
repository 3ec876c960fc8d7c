/** Identifiers of one name; real ones have under ten. */
const MAX_IDENTIFIERS = 12;

/** Types of the standard library that frameworks extend, by their letters (Mangling.rst, "Known types"). */
const KNOWN: Readonly<Record<string, string>> = {
  SS: 'String',
  Sy: 'StringProtocol',
  Sa: 'Array',
  SD: 'Dictionary',
};

/**
 * `Foundation.Data.write.to.options` of a mangled Swift name: module, types,
 * function and labels in their order, without the types of its signature
 * (Swift, docs/ABI/Mangling.rst, stable since 5). Words that a name repeats are
 * put in. What a framework adds to another's type is the framework's:
 * `Foundation.String.contentsOfFile.encoding`, `Foundation.NSURLSession.data.for.delegate`.
 * Undefined for a name that is not Swift's or says nothing so simple.
 */
export function swiftName(name: string): string | undefined {
  const start = /^_?\$[sS]/.exec(name)?.[0].length;
  if (start === undefined) return undefined;
  const words: string[] = [];
  const extended = extendedAt(name, start, words);
  const found = extended === undefined ? [] : [extended.module, extended.type];
  let at = extended?.end ?? start;
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
  return found.length > (extended === undefined ? 1 : 2) ? found.join('.') : undefined;
}

/** `SS10FoundationE`, `So12NSURLSessionC10FoundationE`: a type, and the module that extends it. */
function extendedAt(
  name: string,
  start: number,
  words: string[],
): { readonly module: string; readonly type: string; readonly end: number } | undefined {
  const known = KNOWN[name.slice(start, start + 2)];
  const imported = name.startsWith('So', start) ? identifierAt(name, start + 2, words) : undefined;
  const type = known ?? imported?.text;
  if (type === undefined) return undefined;
  // An imported class, structure, enumeration or protocol has its letter.
  const at = imported === undefined ? start + 2 : imported.end + 1;
  const module = identifierAt(name, at, words);
  if (module === undefined || name[module.end] !== 'E') return undefined;
  return { module: module.text, type, end: module.end + 1 };
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
