import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import english from './en.json' with { type: 'json' };

/** Name of a message; `en.json` has them all, and says what a translator is to say. */
export type MessageId = keyof typeof english;

/** What a message has in braces (ICU MessageFormat). */
export type Values = Readonly<Record<string, string | number | Date>>;

/** The words of one language, and its ways with numbers and dates. Times are UTC, and say so. */
export interface Words {
  /** BCP 47. */
  readonly locale: string;
  say(id: MessageId, values?: Values): string;
  /** The words for one of a family of names: `word('rank', 'high')` is message `rank.high`. The name itself, where there is none. */
  word(family: string, name: string): string;
  /** What a code of the API means, where there are words for it. */
  code(code: string): string | undefined;
  number(value: number): string;
  /** Day and minute. */
  time(value: Date): string;
  day(value: Date): string;
  bytes(value: number): string;
}

/**
 * Reads each `LOCALE.json` of a folder: a translator adds a language by adding a
 * file. English has every message, and stands in where another has none.
 */
export function readWords(folder: string = import.meta.dirname): ReadonlyMap<string, Words> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Readonly<Record<string, string>>;
  const locales = files.map((name) => basename(name, '.json')).sort();
  return new Map(
    locales.map((locale) => [locale, wordsOf(locale, { ...english, ...read(`${locale}.json`) })]),
  );
}

function wordsOf(locale: string, messages: Readonly<Record<string, string>>): Words {
  const parsed = new Map<string, IntlMessageFormat>();
  const numbers = new Intl.NumberFormat(locale);
  const times = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const format = (id: string, values?: Values): string => {
    let message = parsed.get(id);
    if (message === undefined) {
      message = new IntlMessageFormat(messages[id]!, locale, undefined, { ignoreTag: true });
      parsed.set(id, message);
    }
    return String(message.format(values));
  };
  return {
    locale,
    say: format,
    word: (family, name) => {
      const id = `${family}.${name}`;
      return Object.hasOwn(messages, id) ? format(id) : name;
    },
    code: (code) => {
      const id = `code.${code}`;
      return Object.hasOwn(messages, id) ? format(id) : undefined;
    },
    number: (value) => numbers.format(value),
    time: (value) => `${times.format(value)} UTC`,
    day: (value) => days.format(value),
    bytes: (value) => bytesText(value, numbers, format),
  };
}

const UNITS = ['unit.bytes', 'unit.kilobytes', 'unit.megabytes', 'unit.gigabytes'] as const;

function bytesText(
  value: number,
  numbers: Intl.NumberFormat,
  format: (id: string, values: Values) => string,
): string {
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits = unit === 0 || rest >= 100 ? 0 : 1;
  return format(UNITS[unit]!, { n: numbers.format(Number(rest.toFixed(digits))) });
}
