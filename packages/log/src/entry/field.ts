import type { Json } from './canonical.ts';

/** What a field of a document may hold: says what is wrong with a value, or nothing. */
export type FieldRule = (value: Json) => string | undefined;

/** Fields of one kind of document; a name that ends in `?` may be missing. */
export type Fields = Readonly<Record<string, FieldRule>>;

/** Control characters would let one entry's text look like another's on a terminal. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name for people and paths: 1 to `most` characters, none of them a control character. */
export function text(most: number): FieldRule {
  return (value) => {
    if (typeof value !== 'string') return 'is not a text';
    if (value === '' || value.length > most)
      return `has ${value.length} characters, not 1 to ${most}`;
    return CONTROL.test(value) ? 'has a control character' : undefined;
  };
}

/** A member's path, as hostile as its archive made it: any well-formed text. */
export const path: FieldRule = (value) =>
  typeof value === 'string' && value !== '' && !/[\ud800-\udfff]/u.test(value)
    ? undefined
    : 'is not a well-formed text';

export const digest: FieldRule = (value) =>
  typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)
    ? undefined
    : 'is not sha256: and 64 lower-case hex digits';

/** As lock files have it: `sha512-` and 64 bytes in base64. */
export const integrity: FieldRule = (value) =>
  typeof value === 'string' && /^sha512-[A-Za-z0-9+/]{86}==$/.test(value)
    ? undefined
    : 'is not sha512- and base64';

/** A whole number from `least` that JSON carries exactly. */
export function count(least: number): FieldRule {
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? undefined
      : `is not a whole number from ${least} to 2^53 - 1`;
}

export function oneOf(words: readonly string[]): FieldRule {
  return (value) =>
    typeof value === 'string' && words.includes(value)
      ? undefined
      : `is none of ${words.join(', ')}`;
}

/** Every fault of an object's fields at once: missing, unknown and wrong ones. */
export function faultsOf(value: Json, fields: Fields): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ['not an object'];
  }
  const object = value as Readonly<Record<string, Json>>;
  const faults: string[] = [];
  for (const [key, rule] of Object.entries(fields)) {
    const name = key.replace(/\?$/, '');
    if (!Object.hasOwn(object, name)) {
      if (name === key) faults.push(`${name} is missing`);
      continue;
    }
    const fault = rule(object[name]!);
    if (fault !== undefined) faults.push(`${name} ${fault}`);
  }
  for (const name of Object.keys(object)) {
    if (!Object.hasOwn(fields, name) && !Object.hasOwn(fields, `${name}?`)) {
      faults.push(`${JSON.stringify(name.slice(0, 64))} is not a field`);
    }
  }
  return faults;
}
