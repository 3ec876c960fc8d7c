/**
 * How the sources write symbols: parted by blanks or lines, with alternatives
 * in braces, `node:{fs,fs/promises}.readFile`. Braces may hold blanks and braces.
 */
export function symbolsOf(text: string): string[] {
  const symbols: string[] = [];
  let depth = 0;
  let word = '';
  for (const char of `${text} `) {
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (!/\s/.test(char)) word += char;
    else if (depth === 0 && word !== '') {
      symbols.push(...alternativesOf(word));
      word = '';
    }
  }
  if (word !== '') throw new Error(`a brace is not closed in ${word.slice(0, 60)}`);
  return symbols;
}

/** `a{b,c}d` → `abd`, `acd`; alternatives may be empty and may nest. */
export function alternativesOf(word: string): string[] {
  const open = word.indexOf('{');
  if (open === -1) return [word];
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < word.length; at++) {
    const char = word[at];
    if (char === '{') depth++;
    if (char === '}') depth--;
    if ((char === ',' && depth === 1) || (char === '}' && depth === 0)) {
      parts.push(word.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) {
      const heads = parts.flatMap((part) => alternativesOf(part));
      const tails = alternativesOf(word.slice(at + 1));
      return heads.flatMap((head) => tails.map((tail) => word.slice(0, open) + head + tail));
    }
  }
  throw new Error(`a brace is not closed in ${word}`);
}

/** Imports, linked functions, system calls and interfaces of machine code and WebAssembly. */
const NATIVE_SYMBOL =
  /^(?:(?:c|lib|mac|objc|napi|wasi|emscripten|gojs):[\w$-]+|win:[a-z0-9_]+|sys:linux\.\w+|go:[\w/-]+(?:\.[\w*()-]+)+|(?:net|swift|rust):\w+(?:\.\w+)+|sel:\w+(?::\w*)*)$/;

export function isNativeSymbol(symbol: string): boolean {
  return NATIVE_SYMBOL.test(symbol);
}

const SYMBOL =
  /^(?:node:[a-z_0-9/]+|npm:(?:@[a-z0-9.-]+\/|bun:)?[a-zA-Z0-9._/-]+|global:[\w$]+)(?:\(\))*(?:\.[\w$#]+(?:\(\))*)*(?:\.\*)?$/;

/** What is wrong with a symbol; undefined when nothing is. */
export function symbolFault(symbol: string, isRead: boolean): string | undefined {
  if (isNativeSymbol(symbol)) return isRead ? `${symbol}: machine code only calls` : undefined;
  if (!SYMBOL.test(symbol)) return `${symbol} is not a symbol`;
  if (symbol.endsWith('.*') && !isRead) return `${symbol}: only a read may end in .*`;
  if (/^global:(?:window|self|globalThis|global|top|parent|frames|browser)\./.test(symbol)) {
    return `${symbol}: ${symbol.slice(7).split('.')[0]} is dropped from names`;
  }
  return symbol.includes('.default.') || symbol.endsWith('.default')
    ? `${symbol}: .default is dropped from names`
    : undefined;
}
