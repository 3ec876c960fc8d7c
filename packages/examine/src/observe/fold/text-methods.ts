import { MAX_ITEMS, MAX_TEXT } from '../budget.ts';
import { numberOf } from './operators.ts';
import {
  alternativesOf,
  EITHER,
  eitherOf,
  HOLE,
  hasHole,
  isList,
  joined,
  NOTHING,
  textOfValue,
  type Value,
} from './value.ts';

type Arguments = readonly (Value | undefined)[];

/**
 * What a method of a text gives (ECMA-262, 22.1.3). Only methods that keep a
 * hole a hole are taken of texts with holes.
 */
export function callOfText(text: string, method: string, args: Arguments): Value | undefined {
  if (text.includes(EITHER)) {
    const made = alternativesOf(text).map((each) => callOfText(each, method, args));
    return made.every((each) => typeof each === 'string') ? eitherOf(made) : undefined;
  }
  switch (method) {
    case 'concat':
      return args.reduce<Value | undefined>((sum, item) => joined(sum, item), text);
    case 'toString':
    case 'valueOf':
    case 'normalize':
      return text;
    case 'toLowerCase':
    case 'toLocaleLowerCase':
      return text.toLowerCase();
    case 'toUpperCase':
    case 'toLocaleUpperCase':
      return text.toUpperCase();
    case 'trim':
      return text.trim();
    case 'trimStart':
    case 'trimEnd':
      return method === 'trimEnd' ? text.trimEnd() : text.trimStart();
    case 'split':
      return split(text, args);
    case 'replace':
    case 'replaceAll':
      return replaced(text, method, args);
    default:
      return hasHole(text) ? undefined : callOfWholeText(text, method, args);
  }
}

function callOfWholeText(text: string, method: string, args: Arguments): Value | undefined {
  const numbers = args.map(numberOf);
  if (
    args.some(
      (item, index) => item === undefined || (numbers[index] === undefined && method !== 'indexOf'),
    )
  )
    return undefined;
  const [first, second] = numbers as (number | undefined)[];
  switch (method) {
    case 'slice':
      return text.slice(first, second);
    case 'substring':
      return text.substring(first ?? 0, second);
    case 'substr':
      return text.substr(first ?? 0, second);
    case 'charAt':
      return text.charAt(first ?? 0);
    case 'charCodeAt':
      return text.charCodeAt(first ?? 0);
    case 'codePointAt':
      return text.codePointAt(first ?? 0) ?? NOTHING;
    case 'at':
      return text.at(first ?? 0) ?? NOTHING;
    case 'repeat':
      return first !== undefined && first >= 0 && first * text.length <= MAX_TEXT
        ? text.repeat(first)
        : undefined;
    case 'indexOf': {
      const wanted = textOfValue(args[0]);
      return wanted === undefined ? undefined : text.indexOf(wanted);
    }
    default:
      return undefined;
  }
}

function split(text: string, args: Arguments): Value | undefined {
  const separator = args[0];
  if (args.length === 0) return [text];
  if (typeof separator !== 'string') return undefined;
  if (separator === '' && hasHole(text)) return undefined;
  const items = text.split(separator);
  return items.length > MAX_ITEMS ? undefined : items;
}

function replaced(text: string, method: string, args: Arguments): Value | undefined {
  const [from, to] = args;
  if (typeof from !== 'string' || typeof to !== 'string' || from === '') return undefined;
  const result = method === 'replace' ? text.replace(from, () => to) : text.split(from).join(to);
  return result.length > MAX_TEXT ? undefined : result;
}

/** What a method of a list gives (ECMA-262, 23.1.3). */
export function callOfList(
  list: readonly (Value | undefined)[],
  method: string,
  args: Arguments,
): Value | undefined {
  switch (method) {
    case 'join': {
      const separator = args.length === 0 ? ',' : textOfValue(args[0]);
      if (separator === undefined) return undefined;
      let text = '';
      for (const [index, item] of list.entries()) {
        if (index > 0) text += separator;
        const piece = item === NOTHING || item === null ? '' : (textOfValue(item) ?? HOLE);
        const isChoice = piece.includes(EITHER) || text.includes(EITHER);
        text = isChoice ? (joined(text, piece) ?? HOLE) : text + piece;
        if (text.length > MAX_TEXT) return undefined;
      }
      return text.replaceAll('……', HOLE);
    }
    case 'reverse':
    case 'toReversed':
      return [...list].reverse();
    case 'concat': {
      const all: (Value | undefined)[] = [...list];
      for (const item of args) {
        if (isList(item)) all.push(...item);
        else all.push(item);
      }
      return all.length > MAX_ITEMS ? undefined : all;
    }
    case 'slice': {
      const [from, to] = args.map(numberOf);
      return args.length > 0 && from === undefined ? undefined : list.slice(from, to);
    }
    case 'at': {
      const index = numberOf(args[0]);
      return index === undefined ? undefined : list.at(index);
    }
    case 'toString':
      return textOfValue(list);
    case 'filter':
      return args.length === 1 ? undefined : list;
    default:
      return undefined;
  }
}
