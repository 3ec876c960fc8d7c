import { Refused, utf8Bytes } from '@avow/bytes';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Deeper nesting is made to exhaust a reader's stack; our documents have 4 levels. */
const MAX_DEPTH = 32;

/**
 * Canonical JSON (RFC 8785): names in UTF-16 order, numbers and strings as
 * ECMAScript prints them, no white space.
 *
 * Refuses `canonical.value` for what has no such form: numbers that are not
 * finite, lone surrogates, nesting beyond 32.
 */
export function canonicalJson(value: Json): string {
  return printed(value, 0);
}

export function canonicalBytes(value: Json): Uint8Array {
  return utf8Bytes(canonicalJson(value));
}

function printed(value: Json, depth: number): string {
  if (depth > MAX_DEPTH)
    throw new Refused('canonical.value', undefined, `depth above ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return `${value}`;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Refused('canonical.value', undefined, `${value}`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return printedText(value);
  if (isArray(value)) return `[${value.map((item) => printed(item, depth + 1)).join(',')}]`;
  const names = Object.keys(value).sort();
  const members = names.map((name) => `${printedText(name)}:${printed(value[name]!, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function printedText(text: string): string {
  if (/[\ud800-\udfff]/u.test(text)) {
    throw new Refused('canonical.value', undefined, 'a lone surrogate');
  }
  return JSON.stringify(text);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
